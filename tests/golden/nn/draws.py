"""The random numbers of Cluster's rows made again, apart from Cluster: Philox4x32-10 as Salmon et al. (SC 2011, § 3.3) describe it.

A fill works in groups of 8 blocks, 32 numbers: number 8w + j of a group comes from word w of block j.
"""
import math

DROPOUT, NOISE = 4, 10  # RandomPurpose


def philox(seed, counter):
    """The four words of one block."""
    x, k = list(counter), [seed & 0xFFFFFFFF, seed >> 32]
    for _ in range(10):
        p, q = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [q >> 32 ^ x[1] ^ k[0], q & 0xFFFFFFFF, p >> 32 ^ x[3] ^ k[1], p & 0xFFFFFFFF]
        k = [k[0] + 0x9E3779B9 & 0xFFFFFFFF, k[1] + 0xBB67AE85 & 0xFFFFFFFF]
    return x


def words(seed, purpose, step, place):
    """A number's word, and the word with which it makes a pair: the even one first."""
    block, word = place // 32 * 8 + place % 8, place % 32 // 8
    four = philox(seed, [block & 0xFFFFFFFF, block >> 32, step, 1 << 31 | purpose << 24])
    return word, four[word], four[word // 2 * 2], four[word // 2 * 2 + 1]


def uniform(seed, step, place):
    """In [0, 1), a multiple of 2^-24."""
    return (words(seed, DROPOUT, step, place)[1] >> 8) / (1 << 24)


def normal(seed, step, place):
    """Of the standard normal distribution, by Box and Muller."""
    word, _, first, second = words(seed, NOISE, step, place)
    radius, angle = math.sqrt(-2 * math.log((first + 0.5) / (1 << 32))), 2 * math.pi * second / (1 << 32)
    return radius * (math.sin(angle) if word % 2 else math.cos(angle))
