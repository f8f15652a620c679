"""The tree as these checks see it: tracked files, parsed modules."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "handlers", "storage", "prompts")
_UNTRACKED = {"__pycache__", "build", "dist", "data"}  # only where there is no git to ask


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository that exists, sorted, relative to ROOT."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        kept = [p for p in found if not _UNTRACKED & set(p.parts) and not p.parts[0].startswith(".")]
        return tuple(sorted(kept))
    paths = (Path(name) for name in listed.stdout.split("\0") if name)
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


@cache
def texts() -> dict[Path, str]:
    """Tracked files that are text, with their contents."""
    found = {}
    for path in tracked():
        try:
            found[path] = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@cache
def modules(*folders: str) -> dict[Path, ast.Module]:
    """Tracked Python files under these top-level folders, parsed."""
    return {
        path: ast.parse(text, str(path))
        for path, text in texts().items()
        if path.suffix == ".py" and path.parts[0] in folders
    }
