"""Whether word vectors of `cluster` are like gensim's: analogies answered, and the similarity structure of every pair of models.

    cluster train word2vec.yaml --seed 0 --out runs/0     and so on, one a seed
    cluster inspect runs/0/model.cluster --vectors 0.vec
    python3 compare.py --text kjv.txt --questions questions-words.txt 0.vec 1.vec 2.vec

gensim learns the same text with the settings of the reference program (100 dimensions, window 5, 5 negatives, 5 epochs, min_count 5,
sample 1e-3), once a seed: as it is, so that each epoch reads from the first line to the last, and with the lines in another random
order in each epoch, as `cluster` reads its passages. Of two models it prints, as means over the most frequent words of the text:

    rank correlation    Spearman's, of a word's cosines to all other words in one model with those in the other
    overlap             the share of a word's ten nearest words that are among its ten nearest in the other

Two models of one program that differ by their seeds alone say what chance does: a pair of the two programs should be as alike as those.
"""
import argparse, itertools, os, random, re, statistics
import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from scipy.stats import rankdata

NEAREST = 10
IN_ORDER, SHUFFLED, OURS = "gensim", "gensim shuffled", "ours"


def read_lines(path):
    """The lines as runs of letters and apostrophes in lower case, as data.unit: letters reads them."""
    with open(path, encoding="utf-8") as text:
        lines = [re.findall(r"[a-z']+", line.lower()) for line in text]
    return [line for line in lines if line]


class Shuffled:
    """The lines in another order whenever they are read."""

    def __init__(self, lines, seed):
        self.lines, self.chance = lines, random.Random(seed)

    def __iter__(self):
        return iter(self.chance.sample(self.lines, len(self.lines)))


def learn(side, lines, seed, a):
    """Trains gensim, or reads what an earlier run has kept."""
    path = os.path.join(a.keep, f"{side.replace(' ', '-')}-{'cbow' if a.cbow else 'skip-gram'}-{seed}.vec") if a.keep else None
    if path and os.path.exists(path):
        return KeyedVectors.load_word2vec_format(path)
    model = Word2Vec(vector_size=100, window=5, sg=0 if a.cbow else 1, cbow_mean=1, negative=5, min_count=5, sample=1e-3,
                     workers=a.threads, seed=seed)
    model.build_vocab(lines)
    model.train(Shuffled(lines, seed) if side == SHUFFLED else lines, total_examples=len(lines), epochs=5)
    if path:
        model.wv.save_word2vec_format(path)
    return model.wv


class Model:
    """Vectors of length 1 in a common order of words."""

    def __init__(self, side, name, vectors, words):
        if set(vectors.key_to_index) != set(words):
            raise SystemExit(f"{name}: wanted the {len(words)} words of the text, got {len(vectors)} or others; learn it with minimum-count 5")
        units = np.stack([vectors[word] for word in words]).astype(np.float64)
        self.side, self.name = side, name
        self.units = units / np.linalg.norm(units, axis=1, keepdims=True)

    def judge_words(self, count):
        """For each of the first words the ranks of its cosines to all others, standardised, and its nearest words."""
        cosines = self.units[:count] @ self.units.T
        others = ~np.eye(count, len(self.units), dtype=bool)
        ranks = np.stack([rankdata(row[other]) for row, other in zip(cosines, others)])
        ranks -= ranks.mean(axis=1, keepdims=True)
        self.ranks = ranks / np.linalg.norm(ranks, axis=1, keepdims=True)
        self.nearest = [set(np.argsort(-np.where(other, row, -np.inf))[:NEAREST]) for row, other in zip(cosines, others)]

    def answer(self, questions):
        """The shares of questions whose answer is the nearest word, and among the five nearest; the words asked about do not count."""
        a, b, c, right = np.array(questions).T
        scores = (self.units[b] - self.units[a] + self.units[c]) @ self.units.T
        for asked in (a, b, c):
            scores[np.arange(len(questions)), asked] = -np.inf
        place = (scores > scores[np.arange(len(questions)), right][:, None]).sum(axis=1)
        return (place == 0).mean(), (place < 5).mean()


def read_questions(path, words):
    number = {word: i for i, word in enumerate(words)}
    with open(path, encoding="utf-8") as lines:
        asked = [line.lower().split() for line in lines if not line.startswith(":")]
    return [[number[word] for word in question] for question in asked if all(word in number for word in question)]


def print_answers(models, questions):
    print(f"\n{len(questions)} analogies: the share whose answer is the nearest word / among the five nearest\n")
    print("| model | nearest | among five |\n|---|---|---|")
    for side, group in itertools.groupby(models, lambda model: model.side):
        shares = []
        for model in group:
            shares.append(model.answer(questions))
            print(f"| {side}, {model.name} | {shares[-1][0]:.3f} | {shares[-1][1]:.3f} |")
        if len(shares) > 1:
            print(f"| **{side}** | " + " | ".join(f"{np.mean(of):.3f} ± {np.std(of, ddof=1):.3f}" for of in zip(*shares)) + " |")


def print_pairs(models, count):
    print(f"\nPairs of models, {count} most frequent words: mean (lowest … highest of the pairs)\n")
    print("| pairs | number | rank correlation | overlap of the ten nearest |\n|---|---|---|---|")
    figures = {}
    for one, other in itertools.combinations(models, 2):
        correlation = (one.ranks * other.ranks).sum(axis=1).mean()
        overlap = statistics.fmean(len(a & b) for a, b in zip(one.nearest, other.nearest)) / NEAREST
        figures.setdefault(f"{one.side} and {other.side}", []).append((correlation, overlap))
    for kind, pairs in figures.items():
        cells = [f"{np.mean(of):.4f} ({min(of):.4f} … {max(of):.4f})" for of in zip(*pairs)]
        print(f"| {kind} | {len(pairs)} | {cells[0]} | {cells[1]} |")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("vectors", nargs="+", help="vectors of words in the text format of the original word2vec")
    p.add_argument("--text", required=True)
    p.add_argument("--questions", required=True)
    p.add_argument("--seeds", default="0,1,2", help="seeds of gensim")
    p.add_argument("--words", type=int, default=500, help="how many of the most frequent words are looked at")
    p.add_argument("--cbow", action="store_true", help="gensim learns by CBOW")
    p.add_argument("--threads", type=int, default=1, help="threads of gensim")
    p.add_argument("--keep", help="a folder for gensim's vectors, so that they are learnt once")
    a = p.parse_args()
    lines = read_lines(a.text)
    vectors = [(side, f"seed {seed}", learn(side, lines, int(seed), a)) for side in (IN_ORDER, SHUFFLED) for seed in a.seeds.split(",")]
    words = list(vectors[0][2].key_to_index)    # the most frequent first
    vectors += [(OURS, os.path.basename(path), KeyedVectors.load_word2vec_format(path)) for path in a.vectors]
    models = [Model(side, name, of, words) for side, name, of in vectors]
    for model in models:
        model.judge_words(a.words)
    print_answers(models, read_questions(a.questions, words))
    print_pairs(models, a.words)


if __name__ == "__main__":
    main()
