"""The path of protoc-bin-vendored's protoc, out of what `cargo metadata` says."""

import json
import platform
import sys
from pathlib import Path

system = {"Linux": "linux", "Darwin": "macos"}[platform.system()]
machine = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "aarch_64", "arm64": "aarch_64"}[platform.machine()]
packages = json.load(sys.stdin)["packages"]
package = next(one for one in packages if one["name"] == f"protoc-bin-vendored-{system}-{machine}")
print(Path(package["manifest_path"]).parent / "bin" / "protoc")
