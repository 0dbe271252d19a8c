using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;

namespace Cluster.Ml.SupportVectors;

/// <summary>Tells a support vector machine to a person, or by name to a program.</summary>
internal static class SupportVectorReport
{
    private const int PairsShown = 100;

    /// <summary>
    /// support_vectors of each class, objective, rho and the largest violation of its pairs, γ; of a linear kernel the coefficients and the intercept in
    /// the source's units: positive speaks for the later class of a pair.
    /// </summary>
    public static IReadOnlyList<LearnedNumbers> Learned(SupportVectorLayout layout, SupportVectorOptions options, Span<double> state, Scaler scaler)
    {
        PackedVectors vectors = new(layout);
        vectors.Pack(state);
        List<LearnedNumbers> numbers =
        [
            LearnedNumbers.Vector("support_vectors", [.. CountsOf(layout, vectors)]),
            LearnedNumbers.Vector("objective", FactsOf(layout, state, facts => facts.Objective)),
            LearnedNumbers.Vector("rho", FactsOf(layout, state, facts => facts.Rho)),
            LearnedNumbers.Scalar("violation", FactsOf(layout, state, facts => facts.Violation).Max()),
        ];
        if (options.Kernel != SupportVectorOptions.Linear) return [.. numbers, LearnedNumbers.Scalar("gamma", new SupportVectorHeader(state).Gamma)];
        List<double> coefficients = [], intercepts = [];
        for (int pair = 0; pair < layout.Pairs; pair++)
        {
            IReadOnlyList<LearnedNumbers> inUnits = SourceUnits.Of(PlaneOf(layout, vectors, state, pair), scaler);
            coefficients.AddRange(inUnits[0].Values);
            intercepts.AddRange(inUnits[1].Values);
        }
        return layout.Pairs == 1
            ? [.. numbers, LearnedNumbers.Vector("coefficients", coefficients), LearnedNumbers.Scalar("intercept", intercepts[0])]
            : [.. numbers, LearnedNumbers.Matrix("coefficients", layout.Features, coefficients), LearnedNumbers.Vector("intercept", intercepts)];
    }

    /// <summary>A line a pair.</summary>
    public static ModelSummary Summarize(SupportVectorLayout layout, SupportVectorOptions options, Span<double> state, DataShape shape, DataSpec data)
    {
        PackedVectors vectors = new(layout);
        vectors.Pack(state);
        List<IReadOnlyList<string>> rows = [];
        for (int pair = 0; pair < Math.Min(PairsShown, layout.Pairs); pair++)
        {
            (int first, int second) = layout.ClassesOf(pair);
            PairFacts facts = new(layout.Pair(state, pair));
            rows.Add([layout.Classes == 0 ? "number" : $"{shape.Classes[first]} or {shape.Classes[second]}", Text(facts.Objective), Text(facts.Rho), Text(facts.Violation)]);
        }
        string counts = layout.Classes == 0 ? "" : $": {string.Join(", ", CountsOf(layout, vectors).Select((count, c) => $"{count} of {shape.Classes[c]}").Take(PairsShown))}";
        double phase = new SupportVectorHeader(state).Phase;
        return new ModelSummary(
            $"support vector machine of {shape.Features} features, {options.Kernel} kernel", ["pair", "objective", "rho", "violation"], rows,
            [
                $"{vectors.Count} support vectors{counts}",
                .. layout.Pairs > PairsShown ? [$"{layout.Pairs - PairsShown} pairs are not shown"] : (string[])[],
                .. phase == SupportVectorHeader.Solved ? [] : (string[])["not solved to the end, objectives and violations are those before the last step: raise training.epochs"],
                .. ModelSummary.OfScaled("objectives and rho", data),
            ]);
    }

    private delegate double Fact(PairFacts facts);

    private static double[] FactsOf(SupportVectorLayout layout, Span<double> state, Fact fact)
    {
        var facts = new double[layout.Pairs];
        for (int pair = 0; pair < facts.Length; pair++) facts[pair] = fact(new PairFacts(layout.Pair(state, pair)));
        return facts;
    }

    private static double[] CountsOf(SupportVectorLayout layout, PackedVectors vectors)
    {
        var counts = new double[layout.Groups];
        for (int group = 0; group < counts.Length; group++) counts[group] = vectors.Starts[group + 1] - vectors.Starts[group];
        return counts;
    }

    /// <summary>b₀ and b of a linear kernel, positive for the later class; of a regression those of the number.</summary>
    private static double[] PlaneOf(SupportVectorLayout layout, PackedVectors vectors, Span<double> state, int pair)
    {
        (int first, int second) = layout.ClassesOf(pair);
        double sign = layout.Classes == 0 ? 1 : -1;
        var plane = new double[layout.Features + 1];
        plane[0] = -sign * new PairFacts(layout.Pair(state, pair)).Rho;
        Add(first, layout.Classes == 0 ? 0 : second - 1);
        if (layout.Classes > 0) Add(second, first);
        return plane;

        void Add(int group, int slot)
        {
            for (int i = vectors.Starts[group]; i < vectors.Starts[group + 1]; i++)
                DoubleVectors.AddScaled(sign * vectors.Coefficients(slot)[i], vectors.Rows.Slice(i * layout.Features, layout.Features), plane.AsSpan(1));
        }
    }

    private static string Text(double number) => number.ToString("G8", CultureInfo.InvariantCulture);
}
