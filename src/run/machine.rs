//! Determines the memory limit of the machine and its cgroups.
//!
//! `sysinfo` 0.39 was tried, beside this, on six arrangements of cgroups. Its `System::cgroup_limits` missed
//! the limit of a cgroup around the process's own; its `Process::cgroup_limits` missed that of a container
//! which shows the process a path from outside; and both missed that of a cgroup around one without the
//! memory controller (a delegated one of systemd). The test below covers all of them.

use std::fs;
use std::path::Path;

/// Returns the number of bytes of memory that a check may take by default: three quarters of the machine's
/// memory, or of the limit of its cgroups where that is lower; `None` where the system does not tell.
#[must_use]
pub fn memory() -> Option<u64> {
    memory_under(Path::new("/")).map(|bytes| bytes / 4 * 3)
}

/// Returns the whole memory, by the files of Linux under a root.
fn memory_under(root: &Path) -> Option<u64> {
    let machine = fs::read_to_string(root.join("proc/meminfo")).ok()?;
    let machine = machine.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB"));
    let machine = machine.and_then(|number| number.parse::<u64>().ok()).map(|kibibytes| kibibytes * 1024);
    cgroups(root).into_iter().chain(machine).min()
}

/// Returns the limits of the process's cgroups, and of those around them. One without a limit says "max", or
/// a number that no machine has.
fn cgroups(root: &Path) -> Vec<u64> {
    let Ok(own) = fs::read_to_string(root.join("proc/self/cgroup")) else { return Vec::new() };
    let mut limits = Vec::new();
    for line in own.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
        let (folder, file) = match controllers {
            "" => ("sys/fs/cgroup", "memory.max"),
            of if of.split(',').any(|name| name == "memory") => {
                ("sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => continue,
        };
        // Within a container, the path may be that of the host: then only the topmost folder exists.
        for path in Path::new(path.trim_start_matches('/')).ancestors() {
            let limit = fs::read_to_string(root.join(folder).join(path).join(file));
            limits.extend(limit.ok().and_then(|limit| limit.trim().parse::<u64>().ok()));
        }
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory_with(files: &[(&str, &str)]) -> Option<u64> {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        memory_under(root.path())
    }

    #[test]
    fn the_least_of_the_machine_and_its_cgroups_counts() {
        const MACHINE: (&str, &str) = ("proc/meminfo", "MemFree: 1 kB\nMemTotal:       16384 kB\n");
        assert_eq!(memory_with(&[]), None);
        assert_eq!(memory_with(&[MACHINE]), Some(16 << 20));
        let own = ("proc/self/cgroup", "0::/jobs/one\n");
        let unlimited = ("sys/fs/cgroup/jobs/one/memory.max", "max\n");
        let around = ("sys/fs/cgroup/jobs/memory.max", "4194304\n");
        assert_eq!(memory_with(&[MACHINE, own, unlimited]), Some(16 << 20));
        assert_eq!(memory_with(&[MACHINE, own, unlimited, around]), Some(4 << 20));
        // The memory controller may be missing in the process's own cgroup.
        let uncontrolled = ("sys/fs/cgroup/jobs/one/cgroup.procs", "1\n");
        assert_eq!(memory_with(&[MACHINE, own, uncontrolled, around]), Some(4 << 20));
        let contained = ("proc/self/cgroup", "0::/docker/abc\n");
        let topmost = ("sys/fs/cgroup/memory.max", "3145728\n");
        assert_eq!(memory_with(&[MACHINE, contained, topmost]), Some(3 << 20));
        let old = ("proc/self/cgroup", "5:cpu:/x\n3:memory,hugetlb:/docker/abc\n0::/\n");
        let limit = ("sys/fs/cgroup/memory/memory.limit_in_bytes", "2097152\n");
        assert_eq!(memory_with(&[MACHINE, old, limit]), Some(2 << 20));
        let none = ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assert_eq!(memory_with(&[MACHINE, old, none]), Some(16 << 20));
    }
}
