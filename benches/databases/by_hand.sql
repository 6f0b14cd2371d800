WITH scalars AS (
    SELECT
        count(*) AS all_rows,
        count(order_id) AS order_ids,
        count(*) FILTER (WHERE order_id <= 0) AS order_id_low,
        count(part_id) AS part_ids,
        count(supplier_id) AS supplier_ids,
        count(line_number) AS line_numbers,
        count(*) FILTER (WHERE line_number NOT BETWEEN 1 AND 7) AS line_number_out,
        count(quantity) AS quantities,
        count(*) FILTER (WHERE quantity NOT BETWEEN 1 AND 50) AS quantity_out,
        avg(quantity) AS quantity_mean,
        sum(quantity) AS quantity_sum,
        count(extended_price) AS prices,
        count(*) FILTER (WHERE extended_price NOT BETWEEN 900 AND 105000) AS price_out,
        min(extended_price) AS price_min,
        max(extended_price) AS price_max,
        avg(extended_price) AS price_mean,
        stddev_samp(extended_price) AS price_deviation,
        count(*) FILTER (WHERE discount NOT BETWEEN 0 AND 0.1) AS discount_out,
        %(median)s AS discount_median,
        count(*) FILTER (WHERE tax NOT BETWEEN 0 AND 0.08) AS tax_out,
        count(*) FILTER (WHERE return_flag NOT IN ('A', 'N', 'R')) AS flag_out,
        count(*) FILTER (WHERE length(return_flag) <> 1) AS flag_long,
        count(*) FILTER (WHERE line_status NOT IN ('F', 'O')) AS status_out,
        count(ship_date) AS ship_dates,
        count(*) FILTER (WHERE ship_date NOT BETWEEN DATE '1992-01-01' AND DATE '1998-12-31') AS ship_date_out,
        max(ship_date) AS newest,
        count(*) FILTER (
            WHERE ship_instructions NOT IN ('COLLECT COD', 'DELIVER IN PERSON', 'NONE', 'TAKE BACK RETURN')
        ) AS instructions_out,
        count(ship_mode) AS ship_modes,
        count(*) FILTER (WHERE ship_mode NOT IN ('AIR', 'FOB', 'MAIL', 'RAIL', 'REG AIR', 'SHIP', 'TRUCK')) AS mode_out,
        count(*) FILTER (WHERE ship_mode IN ('N/A', 'TBD')) AS mode_wrong,
        count(*) FILTER (WHERE NOT %(regex)s(comment, '^[ -~]+$')) AS comment_odd,
        count(*) FILTER (WHERE comment LIKE '%%<script%%') AS comment_script,
        count(*) FILTER (WHERE length(comment) NOT BETWEEN 10 AND 43) AS comment_length,
        count(*) FILTER (WHERE receipt_date <= ship_date) AS received_early,
        count(*) FILTER (WHERE extended_price < 900 * quantity) AS implausible,
        count(*) FILTER (WHERE NOT (line_status = 'F' OR ship_date > '1995-06-17')) AS unfinished,
        count(*) FILTER (WHERE NOT (discount <= 0.1 AND tax <= 0.08)) AS rates_out
    FROM lineitem
)
SELECT
    *,
    (SELECT count(*) FROM (SELECT 1 FROM lineitem GROUP BY order_id, line_number HAVING count(*) > 1) AS twice) AS twice,
    (SELECT string_agg(return_flag, ',') FROM (SELECT DISTINCT return_flag FROM lineitem) AS flags) AS flags,
    (SELECT count(*) FROM (SELECT DISTINCT line_status FROM lineitem) AS statuses) AS statuses,
    (SELECT count(*) FROM (SELECT DISTINCT ship_mode FROM lineitem) AS modes) AS modes
FROM scalars
