"""The tree over a log: the published vectors of RFC 6962, and every proof of every small tree."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations import merkle
from nominations.merkle import Frontier, Range, Subtree

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Roots of the first 0 to 8 of LEAVES, as published with Certificate Transparency (RFC 6962)."""

INCLUSION = {
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CONSISTENCY = {
    (1, 1): (),
    (1, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}

many_leaves = st.integers(1, 600).map(lambda n: [str(i).encode() for i in range(n)])


def plain_root(leaves: Sequence[bytes]) -> bytes:
    """Word for word from RFC 6962, 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


def frontier(leaves: Sequence[bytes]) -> Frontier:
    return Frontier().extended(map(merkle.leaf_hash, leaves))[0]


def hashed(leaves: Sequence[bytes], ranges: Sequence[Range]) -> list[bytes]:
    return [plain_root(leaves[r.begin : r.end]) for r in ranges]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert frontier(LEAVES[:size]).root.hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int) -> None:
    proof = hashed(LEAVES[:size], merkle.inclusion(index, size))
    assert tuple(h.hex() for h in proof) == INCLUSION[index, size]


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, size: int) -> None:
    proof = hashed(LEAVES[:size], merkle.consistency(old, size))
    assert tuple(h.hex() for h in proof) == CONSISTENCY[old, size]


def test_every_proof_of_every_small_tree_verifies_and_no_other_does() -> None:
    leaves = [bytes([n]) for n in range(33)]
    roots = [plain_root(leaves[:n]) for n in range(34)]
    for size in range(1, 34):
        for index in range(size):
            proof = hashed(leaves[:size], merkle.inclusion(index, size))
            told = {"index": index, "size": size, "root": roots[size]}
            leaf = merkle.leaf_hash(leaves[index])
            assert merkle.proves_inclusion(proof, leaf=leaf, **told)  # type: ignore[arg-type]
            assert not merkle.proves_inclusion(proof, leaf=roots[0], **told)  # type: ignore[arg-type]
            told["index"] = (index + 1) % size
            if size > 1:
                assert not merkle.proves_inclusion(proof, leaf=leaf, **told)  # type: ignore[arg-type]
        for old in range(size + 1):
            proof = hashed(leaves[:size], merkle.consistency(old, size))
            told = {"old": old, "size": size, "root": roots[size]}
            assert merkle.proves_consistency(proof, old_root=roots[old], **told)  # type: ignore[arg-type]
            other = roots[(old + 1) % 34]
            assert not merkle.proves_consistency(proof, old_root=other, **told)  # type: ignore[arg-type]


@given(many_leaves, st.data())
def test_appending_in_batches_is_appending_at_once(
    leaves: list[bytes], data: st.DataObject
) -> None:
    """And the subtrees that it names are those of the tree."""
    cut = data.draw(st.integers(0, len(leaves)))
    first, completed = Frontier().extended(map(merkle.leaf_hash, leaves[:cut]))
    whole, later = first.extended(map(merkle.leaf_hash, leaves[cut:]))
    assert (whole.size, whole.root) == (len(leaves), plain_root(leaves))
    tiles = [
        (Subtree(8, n), plain_root(leaves[n * 256 :][:256])) for n in range(len(leaves) // 256)
    ]
    assert [*completed, *later] == tiles


def test_subtrees_of_two_levels_of_tiles_are_named() -> None:
    _, completed = Frontier().extended([merkle.hash_of(b"")] * 65_536)
    assert [at for at, _ in completed if at.level == 16] == [Subtree(16, 0)]
    assert [at.index for at, _ in completed if at.level == 8] == list(range(256))


@given(many_leaves, st.data())
def test_a_changed_leaf_is_noticed(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = hashed(leaves, merkle.inclusion(index, len(leaves)))
    changed = [*leaves[:index], b"another", *leaves[index + 1 :]]
    assert frontier(changed).root != frontier(leaves).root
    assert not merkle.proves_inclusion(
        proof,
        leaf=merkle.leaf_hash(b"another"),
        index=index,
        size=len(leaves),
        root=plain_root(leaves),
    )


@given(st.integers(0, 2_000_000), st.integers(1, 2_000_000))
def test_ranges_of_a_proof_are_made_of_whole_subtrees(index: int, size: int) -> None:
    for of in merkle.inclusion(index % size, size):
        parts = list(merkle.subtrees(of))
        assert sum(1 << part.level for part in parts) == of.end - of.begin
        assert [p.index << p.level for p in parts] == [
            of.begin + sum(1 << q.level for q in parts[:n]) for n in range(len(parts))
        ]


def test_what_lies_outside_the_tree_is_refused() -> None:
    for index, size in ((1, 1), (-1, 1), (0, 0)):
        with pytest.raises(ValueError, match="no such leaf"):
            merkle.inclusion(index, size)
    with pytest.raises(ValueError, match="larger"):
        merkle.consistency(2, 1)
