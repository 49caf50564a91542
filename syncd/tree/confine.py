"""Access confined beneath one root folder: no path, no symbolic link and no swap in between leads out of it.

Owns opening, listing, renaming and making folders below a root. Paths are text relative to the root, with `/`, spelled
as `spelling` says. Refuses to follow links of any kind, to open what is neither file nor folder in a way that could
hang, and to replace anything by a rename. Raises OSError; what that means to people is said by `trouble`.
"""

from __future__ import annotations

import errno
import functools
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from syncd.errors import SyncdError
from syncd.tree import kernel
from syncd.tree.spelling import encode


@functools.cache
def _kernel_confines() -> bool:
    return kernel.has_openat2()


def joined(*parts: str) -> str:
    """A path of the parts that are not empty."""
    return "/".join(part for part in parts if part)


def parted(path: str) -> tuple[str, str]:
    """The folder ('' for the root) and the name of what lies in it."""
    folder, _, name = path.rpartition("/")
    return folder, name


def checked(path: str) -> tuple[str, ...]:
    """The path's parts ('' has none). Raises SyncdError for one that isn't plainly below its root."""
    if not path:
        return ()
    parts = tuple(path.split("/"))
    if "\0" in path or any(part in {"", ".", ".."} for part in parts):
        raise SyncdError(f"{path!r} is no path below the root", "use names without `..`, `.` and a leading `/`")
    return parts


class Beneath:
    """One root folder, held open; a context manager. Paths that are no path below it raise SyncdError.

    Args:
        root: the folder; links in its own path are the administrator's choice and are followed.
        modern: use openat2 and renameat2 where the kernel has them; False goes the way of older kernels.
    """

    def __init__(self, root: Path, modern: bool = True) -> None:
        self._modern = modern
        self._confined_by_kernel = modern and _kernel_confines()
        self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def __enter__(self) -> Beneath:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._root)

    # --- opening -----------------------------------------------------------------------------------------------------

    def open(self, path: str, flags: int, mode: int = 0o600) -> int:
        """A file descriptor for `path`; never waits for a pipe's other end or a lease to be given back."""
        parts = checked(path)
        flags |= os.O_NOFOLLOW | os.O_CLOEXEC | (0 if flags & os.O_PATH else os.O_NONBLOCK | os.O_NOCTTY)
        if not parts:
            return os.open(".", flags, mode, dir_fd=self._root)
        if self._confined_by_kernel:
            return kernel.openat2(self._root, encode(path), flags, mode)
        with self._walked(parts[:-1]) as folder:
            return os.open(encode(parts[-1]), flags, mode, dir_fd=folder)

    @contextmanager
    def folder(self, path: str, flags: int = os.O_PATH) -> Iterator[int]:
        """The folder `path` held open ('' for the root); `os.O_RDONLY` to list or fsync it."""
        descriptor = self.open(path, flags | os.O_DIRECTORY)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def file(self, path: str) -> Iterator[int]:
        """The ordinary file `path` held open for reading. Raises ELOOP for what is none."""
        descriptor = self.open(path, os.O_RDONLY)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.ELOOP, "not an ordinary file", path)
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def _walked(self, parts: tuple[str, ...]) -> Iterator[int]:
        """Folder by folder, none of them a link: what openat2 does, for kernels without it."""
        descriptor = os.dup(self._root)
        try:
            for part in parts:
                flags = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                deeper = os.open(encode(part), flags, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = deeper
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def _parent(self, path: str, flags: int = os.O_PATH) -> Iterator[tuple[int, bytes]]:
        """The folder in which `path` lies, held open, and its name there."""
        if not checked(path):
            raise SyncdError("the root itself can't be changed", "report this to syncd's makers")
        folder, name = parted(path)
        with self.folder(folder, flags) as descriptor:
            yield descriptor, encode(name)

    # --- looking -----------------------------------------------------------------------------------------------------

    def stat(self, path: str) -> os.stat_result | None:
        """What lies at `path` itself, were it a link; None for nothing."""
        if not path:
            return os.fstat(self._root)
        try:
            with self._parent(path) as (folder, name):
                return os.stat(name, dir_fd=folder, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def identity_of_folder(self, path: str) -> str | None:
        """What survives a folder's rename: inode and, where known, time of birth; None for no folder there.

        An inode alone is given to the next folder made; the time of birth tells the two apart.
        """
        try:
            with self.folder(path) as descriptor:
                born = kernel.birth(descriptor)
                return f"{os.fstat(descriptor).st_ino}" + (f".{born}" if born is not None else "")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                return None
            raise

    # --- changing ----------------------------------------------------------------------------------------------------

    def rename(self, source: str, target: str) -> None:
        """Renames where nothing lies yet. Raises FileExistsError."""
        with self._ends(source, target) as ends:
            try:
                self._renameat2(ends, kernel.RENAME_NOREPLACE)
            except OSError as error:
                if error.errno not in kernel.UNSUPPORTED:
                    raise
                _rename_by_link(*ends)

    def exchange(self, source: str, target: str) -> bool:
        """Swaps two names in one step; False where kernel or file system can't."""
        with self._ends(source, target) as ends:
            try:
                self._renameat2(ends, kernel.RENAME_EXCHANGE)
            except OSError as error:
                if error.errno not in kernel.UNSUPPORTED:
                    raise
                return False
        return True

    def _renameat2(self, ends: tuple[int, bytes, int, bytes], flags: int) -> None:
        if not self._modern:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
        kernel.renameat2(*ends, flags)

    @contextmanager
    def _ends(self, source: str, target: str) -> Iterator[tuple[int, bytes, int, bytes]]:
        with self._parent(source) as from_end, self._parent(target) as to_end:
            yield *from_end, *to_end

    def unlink(self, path: str) -> None:
        """Takes a file's name away; nothing there is fine."""
        try:
            with self._parent(path) as (folder, name):
                os.unlink(name, dir_fd=folder)
        except FileNotFoundError:
            return

    def rmdir(self, path: str) -> bool:
        """Takes an empty folder away; False when it is not there or not empty."""
        try:
            with self._parent(path) as (folder, name):
                os.rmdir(name, dir_fd=folder)
        except OSError as error:
            if error.errno in {errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EBUSY}:
                return False
            raise
        return True

    def mkdir(self, path: str, mode: int | None = None, durable: bool = True) -> bool:
        """Makes one folder; False when it is there. Without `mode` it is opened to those to whom its parent is."""
        with self._parent(path, os.O_RDONLY) as (parent, name):
            try:
                os.mkdir(name, 0o700 if mode is None else mode, dir_fd=parent)
            except FileExistsError:
                return False
            if mode is None:
                with self.folder(path, os.O_RDONLY) as made:
                    _like_parent(made, os.fstat(parent))
            if durable:
                os.fsync(parent)
        return True

    def fsync(self, folder: str) -> None:
        """Makes what happened in `folder` outlast a power cut."""
        with self.folder(folder, os.O_RDONLY) as descriptor:
            os.fsync(descriptor)


def _like_parent(folder: int, parent: os.stat_result) -> None:
    give(folder, parent)
    os.fchmod(folder, stat.S_IMODE(parent.st_mode) | stat.S_IRWXU)


def give(descriptor: int, like: os.stat_result) -> None:
    """Hands a file or folder to the owner and group of `like`, as far as this account may."""
    try:
        os.fchown(descriptor, like.st_uid if os.geteuid() == 0 else -1, like.st_gid)
    except PermissionError:
        return  # not of that group: the file keeps ours, which is what any program's new file would have


def _rename_by_link(from_folder: int, source: bytes, to_folder: int, target: bytes) -> None:
    """No-replace for file systems without the flag: link refuses to replace, and the inode stays the same."""
    if stat.S_ISDIR(os.stat(source, dir_fd=from_folder, follow_symlinks=False).st_mode):
        _rename_folder(from_folder, source, to_folder, target)
        return
    try:
        os.link(source, target, src_dir_fd=from_folder, dst_dir_fd=to_folder, follow_symlinks=False)
    except FileExistsError:
        if not _is_half_renamed(from_folder, source, to_folder, target):
            raise
    except OSError as error:
        if error.errno in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
            raise OSError(
                errno.EPERM, "this file system can neither rename without replacing nor make hard links", source
            ) from error
        raise
    os.unlink(source, dir_fd=from_folder)


def _is_half_renamed(from_folder: int, source: bytes, to_folder: int, target: bytes) -> bool:
    """Whether an earlier attempt was killed between its two steps."""
    one = os.stat(source, dir_fd=from_folder, follow_symlinks=False)
    other = os.stat(target, dir_fd=to_folder, follow_symlinks=False)
    return os.path.samestat(one, other) and one.st_nlink > 1


def _rename_folder(from_folder: int, source: bytes, to_folder: int, target: bytes) -> None:
    """A folder can't be linked; what a plain rename could replace at worst is an empty folder made this instant."""
    try:
        os.stat(target, dir_fd=to_folder, follow_symlinks=False)
    except FileNotFoundError:
        os.rename(source, target, src_dir_fd=from_folder, dst_dir_fd=to_folder)
        return
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
