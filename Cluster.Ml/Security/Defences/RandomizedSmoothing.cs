using System.Text.Json.Nodes;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;
using Cluster.Ml.Security.Attacks;

namespace Cluster.Ml.Security.Defences;

/// <summary>Randomized smoothing: the class that noisy copies of a row are told most, certified within a radius.</summary>
/// <remarks>
/// Equation      g(x) = argmax_c P(f(x + N(0, σ²)) = c);  R = σ·Φ⁻¹(p), p the lower Clopper-Pearson bound of the share of n copies that are told
///               as the class that n₀ others are told most; no class where p ≤ ½
/// Guarantee     with probability 1 − α no change of l2 length below R changes what g tells of the row, by whatever attack
/// Determinism   noise is keyed by (seed, row, copy)
/// Source        Cohen, Rosenfeld, Kolter, "Certified Adversarial Robustness via Randomized Smoothing", ICML 2019, theorem 1 and algorithm CERTIFY
/// </remarks>
internal sealed class RandomizedSmoothing : PiecewiseAttack
{
    private const int FirstCopies = 100, CopiesUsual = 1000, CopiesAtOnce = 500;
    private const int RowsOfPiece = 16;
    private const double Alpha = 0.001, NoiseUsual = 0.25;

    public override string Name => "certify";

    public override string Meaning => "no attack but a bound on all: radii within which a smoothed model cannot be fooled";

    public override string ThreatModel => "Any attacker that changes a row by less than epsilon in l2, against the smoothed model; each row holds with probability 0.999.";

    public override string Source => "Cohen, Rosenfeld and Kolter, ICML 2019";

    public override IReadOnlyList<string> Flags => ["epsilon", "noise", "queries"];

    public override IAttackPieces Cut(AttackTarget target, AttackSettings settings)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(settings);
        (AttackedRows rows, AttackUnits units) = target.Read();
        return new Radii(this, target, rows, units, settings);
    }

    /// <summary>Rows to certify, a few of them a piece.</summary>
    private sealed class Radii(RandomizedSmoothing kind, AttackTarget target, AttackedRows rows, AttackUnits units, AttackSettings settings) : IAttackPieces
    {
        private readonly double _noise = settings.Noise ?? NoiseUsual;
        private readonly int _copies = settings.Queries ?? CopiesUsual;

        public int Count => (rows.Count + RowsOfPiece - 1) / RowsOfPiece;

        public byte[] Run(int piece)
        {
            AttackedModel model = target.Open(units);
            return PieceBytes.Of(writer =>
            {
                foreach (int row in RowsOf(piece))
                {
                    (int told, double radius) = Certify(model, rows, row, _noise, _copies, settings.Seed);
                    writer.Write(told);
                    writer.Write(radius);
                }
            });
        }

        public AttackReport Combine(IReadOnlyList<ReadOnlyMemory<byte>> results)
        {
            (int Class, double Radius)[] certified = new (int, double)[rows.Count];
            for (int piece = 0; piece < results.Count; piece++)
                PieceBytes.Read(results[piece], reader =>
                {
                    foreach (int row in RowsOf(piece)) certified[row] = (reader.ReadInt32(), reader.ReadDouble());
                });
            return Report(certified);
        }

        private IEnumerable<int> RowsOf(int piece) => Enumerable.Range(piece * RowsOfPiece, Math.Min(RowsOfPiece, rows.Count - (piece * RowsOfPiece)));

        private AttackReport Report((int Class, double Radius)[] certified)
        {
            double epsilon = settings.EpsilonOr(_noise);
            double[] radii = [.. Enumerable.Range(0, rows.Count).Select(row => certified[row].Class == rows.Labels[row] ? certified[row].Radius : 0).Order()];
            int[] said = new int[rows.Count];
            target.Open(units).Predict(rows.Numbers, said);
            JsonObject figures = new()
            {
                ["attack"] = kind.Name,
                ["rows"] = rows.Count,
                ["noise"] = _noise,
                ["copies"] = _copies,
                ["clean_accuracy"] = (double)said.Where((predicted, row) => predicted == rows.Labels[row]).Count() / rows.Count,
                ["smoothed_accuracy"] = (double)certified.Where((told, row) => told.Class == rows.Labels[row]).Count() / rows.Count,
                ["epsilon"] = epsilon,
                ["norm"] = NormBall.NameOf(Norm.L2),
                ["certified_accuracy"] = (double)radii.Count(radius => radius > epsilon) / rows.Count,
                ["abstained"] = (double)certified.Count(told => told.Class < 0) / rows.Count,
                ["radius_mean"] = radii.Average(),
                ["radius_median"] = radii[radii.Length / 2],
                ["alpha"] = Alpha,
                ["units"] = units.Name,
                ["seed"] = settings.Seed,
                ["model_sha256"] = target.RequiredModel.Model.Sha256,
            };
            return new AttackReport(figures, [kind.ThreatModel]);
        }
    }

    /// <summary>The class and the radius; −1 and 0 where no class is sure.</summary>
    internal static (int Class, double Radius) Certify(AttackedModel model, AttackedRows rows, int row, double noise, int copies, ulong seed)
    {
        int[] first = Count(model, rows, row, noise, FirstCopies, 0, seed);
        int best = Array.IndexOf(first, first.Max());
        int right = Count(model, rows, row, noise, copies, 1, seed)[best];
        double least = LowerBound(right, copies, Alpha);
        return least > 0.5 ? (best, noise * MathLibrary.NormalQuantile(least)) : (-1, 0);
    }

    /// <summary>The lower Clopper-Pearson bound of a share: the p at which so many or more have the probability α.</summary>
    internal static double LowerBound(int right, int count, double alpha)
    {
        if (right == 0) return 0;
        double low = 0, high = 1;
        for (int halving = 0; halving < 60; halving++)
        {
            double middle = (low + high) / 2;
            if (MathLibrary.BetaRegularized(right, count - right + 1, middle) <= alpha) low = middle;
            else high = middle;
        }
        return low;
    }

    private static int[] Count(AttackedModel model, AttackedRows rows, int row, double noise, int copies, int turn, ulong seed)
    {
        int[] counts = new int[model.Classes], said = new int[Math.Min(copies, CopiesAtOnce)];
        float[] changed = new float[said.Length * rows.Columns];
        RandomStream random = RandomStream.At(seed, RandomPurpose.Smoothing, rows.Ids[row], turn);
        for (int start = 0; start < copies; start += CopiesAtOnce)
        {
            int some = Math.Min(CopiesAtOnce, copies - start);
            for (int i = 0; i < some * rows.Columns; i++) changed[i] = (float)(rows.Row(row)[i % rows.Columns] + (noise * random.NextGaussian()));
            model.Predict(changed.AsSpan(0, some * rows.Columns), said.AsSpan(0, some));
            for (int i = 0; i < some; i++) counts[said[i]]++;
        }
        return counts;
    }
}
