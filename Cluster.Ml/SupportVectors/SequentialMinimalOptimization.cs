using Cluster.Ml.Linear;

namespace Cluster.Ml.SupportVectors;

/// <summary>Solves a small dual problem, two variables at a time.</summary>
/// <remarks>
/// Equation   i = argmax −yG of those that may rise; j of those that may fall with −yG below i's: argmax b²/a,
///            b the difference of their −yG, a = K(i, i) + K(j, j) − 2·K(i, j); then yᵢαᵢ rises and yⱼαⱼ falls by b/a, or as far as both may
/// Complexity O(rows) an iteration
/// Determinism of equals the first variable
/// Source     Fan, Chen, Lin, "Working Set Selection Using Second Order Information", JMLR 6 (2005), algorithm 2
/// Differs    from LIBSVM: no shrinking, as the problem is small and its kernel matrix is whole
/// </remarks>
internal static class SequentialMinimalOptimization
{
    /// <summary>The most iterations of a step; the next goes on.</summary>
    public const int IterationsMax = 100_000;

    /// <summary>Changes α and f until the conditions hold.</summary>
    /// <param name="problem">Changed.</param>
    /// <param name="kernel">[rows, rows].</param>
    /// <param name="tolerance">How far they may be violated.</param>
    /// <returns>How many iterations changed something.</returns>
    public static int Solve(DualProblem problem, ReadOnlySpan<double> kernel, double tolerance)
    {
        var pulls = new double[problem.Variables];
        for (int iteration = 0; iteration < IterationsMax; iteration++)
        {
            for (int v = 0; v < pulls.Length; v++) pulls[v] = problem.Pull(v);
            int first = Highest(problem, pulls);
            if (first < 0) return iteration;
            int second = Partner(problem, pulls, first, kernel, out double lowest);
            if (second < 0 || !(pulls[first] - lowest > tolerance)) return iteration;
            Move(problem, first, second, (pulls[first] - pulls[second]) / problem.Curvature(first, second, kernel), kernel);
        }
        return IterationsMax;
    }

    private static int Highest(DualProblem problem, ReadOnlySpan<double> pulls)
    {
        int best = -1;
        for (int v = 0; v < pulls.Length; v++)
            if (problem.MayRise(v) && (best < 0 || pulls[v] > pulls[best])) best = v;
        return best;
    }

    private static int Partner(DualProblem problem, ReadOnlySpan<double> pulls, int first, ReadOnlySpan<double> kernel, out double lowest)
    {
        (int best, double gain) = (-1, 0);
        lowest = double.PositiveInfinity;
        for (int v = 0; v < pulls.Length; v++)
        {
            if (!problem.MayFall(v)) continue;
            lowest = Math.Min(lowest, pulls[v]);
            double difference = pulls[first] - pulls[v];
            if (!(difference > 0)) continue;
            double here = difference * difference / problem.Curvature(first, v, kernel);
            if (here > gain) (best, gain) = (v, here);
        }
        return best;
    }

    // At a bound a variable is set to it, not near it.
    private static void Move(DualProblem problem, int first, int second, double step, ReadOnlySpan<double> kernel)
    {
        bool firstGrows = problem.Signs[first] > 0, secondGrows = problem.Signs[second] < 0;
        ref double a = ref problem.Alphas[first], b = ref problem.Alphas[second];
        double roomOfFirst = firstGrows ? problem.Upper - a : a, roomOfSecond = secondGrows ? problem.Upper - b : b;
        double most = Math.Min(step, Math.Min(roomOfFirst, roomOfSecond));
        a = most >= roomOfFirst ? (firstGrows ? problem.Upper : 0) : firstGrows ? a + most : a - most;
        b = most >= roomOfSecond ? (secondGrows ? problem.Upper : 0) : secondGrows ? b + most : b - most;
        int rows = problem.Rows;
        DoubleVectors.AddScaled(most, kernel.Slice(problem.RowOf(first) * rows, rows), problem.F);
        DoubleVectors.AddScaled(-most, kernel.Slice(problem.RowOf(second) * rows, rows), problem.F);
    }
}
