"""The built folder as bytes by path, so that it is read once and written once."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path


class Site(dict[str, bytes]):
    """What is published, by its path below the site's root."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        super().__init__(files or {})
        # What lies in the folder, so that only changes are written.
        self.before = dict(self)

    @classmethod
    def read(cls, folder: Path) -> Site:
        """Every file below a folder."""
        return cls({file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()})

    def write(self, folder: Path) -> None:
        """Bring the folder to what this holds: changed files are written, and those that are gone removed, with the folders they leave empty."""
        for name in self.before.keys() - self.keys():
            (folder / name).unlink()
        for name, content in self.items():
            if self.before.get(name) != content:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
        for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
            if not any(path.iterdir()):
                path.rmdir()

    def text(self, name: str) -> str:
        return self[name].decode("utf-8")

    def put(self, name: str, text: str) -> None:
        self[name] = text.encode("utf-8")

    def named(self, *patterns: str) -> list[str]:
        """The paths that fit one of the patterns, sorted; a star also stands for slashes."""
        return sorted(name for name in self if any(fnmatch(name, pattern) for pattern in patterns))
