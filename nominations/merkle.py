"""The tree over a log of leaves, as in RFC 6962 and RFC 9162: roots and proofs. Pure.

A tree of `size` leaves is a row of complete subtrees, the largest first, whose roots are its
peaks. A subtree is named by its level (2^level leaves) and its index at that level. Proofs are
lists of ranges of leaves, so that whoever keeps the hashes decides how to look them up.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

ALGORITHM = "sha256"
"""Named in every log, so that another (SM3) can follow."""

HASH_BYTES = 32
_LEAF, _NODE = b"\x00", b"\x01"

TILE_LEVELS = 8
"""Roots of complete subtrees are kept at each so many levels: 256, 65,536, … leaves."""


@dataclass(frozen=True, slots=True, order=True)
class Subtree:
    """The complete subtree over leaves `index << level` to `(index + 1) << level`."""

    level: int
    index: int


@dataclass(frozen=True, slots=True)
class Range:
    """Leaves from `begin` up to, and without, `end`."""

    begin: int
    end: int


def hash_of(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaf_hash(leaf: bytes) -> bytes:
    return hash_of(_LEAF + leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    return hash_of(_NODE + left + right)


def joined(peaks: Sequence[bytes]) -> bytes:
    """The root over a row of subtrees, the largest (leftmost) first."""
    if not peaks:
        return hash_of(b"")
    root = peaks[-1]
    for left in reversed(peaks[:-1]):
        root = node_hash(left, root)
    return root


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that appending needs to know of a log: its size and its peaks."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    @property
    def root(self) -> bytes:
        return joined(self.peaks)

    def extended(
        self, leaf_hashes: Iterable[bytes]
    ) -> tuple["Frontier", Sequence[tuple[Subtree, bytes]]]:
        """With these leaves at the end, and the roots of the subtrees of whole tiles that they
        completed."""
        size, peaks = self.size, list(self.peaks)
        completed: list[tuple[Subtree, bytes]] = []
        for hashed in leaf_hashes:
            level, rest, node = 0, size, hashed
            while rest & 1:
                node = node_hash(peaks.pop(), node)
                level, rest = level + 1, rest >> 1
                if level % TILE_LEVELS == 0:
                    completed.append((Subtree(level, rest), node))
            peaks.append(node)
            size += 1
        return Frontier(size, tuple(peaks)), completed


def subtrees(of: Range) -> Iterator[Subtree]:
    """The complete subtrees that make up a range which begins where one of its own size may, the
    largest first: their roots `joined` are the hash of the range."""
    begin, rest = of.begin, of.end - of.begin
    while rest:
        level = rest.bit_length() - 1
        yield Subtree(level, begin >> level)
        begin, rest = begin + (1 << level), rest - (1 << level)


def inclusion(index: int, size: int) -> Sequence[Range]:
    """The ranges whose hashes prove that leaf `index` stands in a tree of `size`, in the order of
    the proof. Raises ValueError outside the tree."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    begin, end, path = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(Range(middle, end))
            end = middle
        else:
            path.append(Range(begin, middle))
            begin = middle
    return path[::-1]


def consistency(old: int, size: int) -> Sequence[Range]:
    """The ranges whose hashes prove that a tree of `old` leaves is the beginning of one of
    `size`. Nothing is to be proved of an empty one, or of one to itself. Raises ValueError if
    `old` is no beginning."""
    if not 0 <= old <= size:
        raise ValueError("the older tree is the larger one")
    if old in (0, size):
        return []
    begin, end, path, is_whole = 0, size, [], True
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(Range(middle, end))
            end = middle
        else:
            path.append(Range(begin, middle))
            begin, is_whole = middle, False
    if not is_whole:
        path.append(Range(begin, end))
    return path[::-1]


def _split(width: int) -> int:
    """The largest power of two below `width`, which is at least 2."""
    return 1 << ((width - 1).bit_length() - 1)


def proves_inclusion(
    proof: Sequence[bytes], *, leaf: bytes, index: int, size: int, root: bytes
) -> bool:
    """Whether the hash `leaf` stands at `index` of the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, hashed = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            hashed = node_hash(other, hashed)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            hashed = node_hash(hashed, other)
        place, last = place >> 1, last >> 1
    return last == 0 and hashed == root


def proves_consistency(
    proof: Sequence[bytes], *, old: int, size: int, old_root: bytes, root: bytes
) -> bool:
    """Whether the older tree is the beginning of the newer one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old in (0, size):
        return not proof and (old_root == root if old else old_root == joined(()))
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = node_hash(other, older), node_hash(other, newer)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            newer = node_hash(newer, other)
        place, last = place >> 1, last >> 1
    return last == 0 and older == old_root and newer == root
