using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.SupportVectors;

/// <summary>What the parameter server does in a step: checks each pair at fresh values, and solves a working set of those that are not yet optimal.</summary>
internal sealed class SupportVectorStep(
    SupportVectorLayout layout, SupportVectorOptions options, Kernel kernel, NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum)
{
    private const int PartsMax = 16;

    private bool _gathered;
    private volatile bool _finite = true;

    /// <summary>Whether every kernel value was finite.</summary>
    public bool IsFinite => _finite;

    private Span<double> Targets => optimizerState.Doubles[..layout.Rows];

    private Span<double> IdsOf => optimizerState.Doubles.Slice(layout.Rows, layout.Rows);

    /// <summary>Puts the rows that came into the state, class by class.</summary>
    /// <exception cref="DivergedException">All are of one class.</exception>
    public void TakeRows(long step, IReadOnlyList<string> classes)
    {
        Span<double> model = state.Doubles, starts = layout.Starts(model), rows = layout.RowsOf(model);
        int width = layout.Features + 1, to = 0;
        Span<double> came = sum.Doubles.Slice(SupportVectorLayout.Head, layout.GatheredLength);
        for (int group = 0; group < layout.Groups; group++)
        {
            starts[group] = to;
            for (int id = 0; id < layout.Rows; id++)
            {
                Span<double> row = came.Slice(id * width, width);
                if (layout.Classes > 0 && (int)row[^1] != group) continue;
                row[..^1].CopyTo(rows.Slice(to * layout.Features, layout.Features));
                (Targets[to], IdsOf[to]) = (row[^1], id);
                to++;
            }
        }
        starts[layout.Groups] = to;
        RequireTwo(starts, step, classes);
        SupportVectorHeader header = new(model);
        (header.Phase, header.Gamma) = (SupportVectorHeader.Solving, options.Gamma ?? Kernel.ScaleOf(rows, layout.Features));
        _gathered = true;
    }

    /// <summary>Looks at every pair.</summary>
    /// <returns>Whether nothing is left to do.</returns>
    public bool Run(IPartRunner runner)
    {
        int parts = Math.Min(PartsMax, layout.Pairs);
        var moved = new bool[parts];
        runner.Run(parts, part =>
        {
            KernelBlock block = new(kernel, layout.Features);
            for (int pair = part; pair < layout.Pairs; pair += parts) moved[part] |= Solve(pair, block);
        });
        return !moved.Contains(true);
    }

    /// <summary>Leaves only support vectors in the state.</summary>
    public void End()
    {
        PackedVectors vectors = new(layout);
        vectors.Pack(state.Doubles);
        vectors.Unpack(state.Doubles);
        new SupportVectorHeader(state.Doubles).Phase = SupportVectorHeader.Solved;
    }

    // Half the tolerance, as the values that the next step computes afresh differ in their last digits.
    private bool Solve(int pair, KernelBlock block)
    {
        (int first, int second) = layout.ClassesOf(pair);
        Span<double> model = state.Doubles, starts = layout.Starts(model);
        if (layout.Classes > 0 && (starts[first] == starts[first + 1] || starts[second] == starts[second + 1])) return false;
        DualProblem problem = Read(first, second);
        PairFacts facts = new(layout.Pair(model, pair));
        DualMeasure measure = problem.Measure();
        (facts.Rho, facts.Objective, facts.Violation) = (measure.Rho, measure.Objective, measure.Violation);
        if (!(measure.Violation > options.Tolerance)) return false;

        DualProblem part = problem.Of(WorkingSet.Choose(problem, options.WorkingSet));
        double[] values = KernelOf(part, block);
        if (!DoubleVectors.AllFinite(values)) _finite = false;
        if (!_finite || SequentialMinimalOptimization.Solve(part, values, options.Tolerance / 2) == 0) return false;
        facts.Rho = part.Measure().Rho;
        for (int row = 0; row < part.Rows; row++) CoefficientAt(model, part.Places[row], first, second) = part.CoefficientOf(row);
        return true;
    }

    /// <summary>The problem at the state's coefficients and the values that came.</summary>
    private DualProblem Read(int first, int second)
    {
        Span<double> model = state.Doubles, starts = layout.Starts(model);
        int firstRows = (int)(starts[first + 1] - starts[first]), secondRows = layout.Classes == 0 ? 0 : (int)(starts[second + 1] - starts[second]);
        DualProblem problem = layout.Classes == 0 ? DualProblem.OfNumbers(Targets, options) : DualProblem.OfClasses(firstRows, firstRows + secondRows, options);
        ReadOnlySpan<double> came = sum.Doubles[SupportVectorLayout.Head..];
        for (int row = 0; row < problem.Rows; row++)
        {
            int place = row < firstRows ? (int)starts[first] + row : (int)starts[second] + row - firstRows;
            problem.Places[row] = place;
            if (_gathered) continue;
            problem.Set(row, CoefficientAt(model, place, first, second));
            problem.F[row] = came[((int)IdsOf[place] * layout.Slots) + (row < firstRows ? SlotOfFirst(second) : first)];
        }
        return problem;
    }

    private ref double CoefficientAt(Span<double> model, int place, int first, int second) =>
        ref layout.Coefficients(model, place < layout.Starts(model)[first + 1] ? SlotOfFirst(second) : first)[place];

    private int SlotOfFirst(int second) => layout.Classes == 0 ? 0 : second - 1;

    private double[] KernelOf(DualProblem part, KernelBlock block)
    {
        ReadOnlySpan<double> all = layout.RowsOf(state.Doubles);
        int features = layout.Features;
        (double[] rows, double[] norms, double[] values) = (new double[part.Rows * features], new double[part.Rows], new double[part.Rows * part.Rows]);
        for (int i = 0; i < part.Rows; i++)
        {
            ReadOnlySpan<double> row = all.Slice(part.Places[i] * features, features);
            row.CopyTo(rows.AsSpan(i * features));
            norms[i] = Kernel.SquaredNorm(row);
        }
        block.Fill(rows, part.Rows, rows, norms, new SupportVectorHeader(state.Doubles).Gamma, values);
        return values;
    }

    private void RequireTwo(ReadOnlySpan<double> starts, long step, IReadOnlyList<string> classes)
    {
        if (layout.Classes == 0) return;
        int present = 0, last = 0;
        for (int group = 0; group < layout.Groups; group++)
            if (starts[group] < starts[group + 1]) (present, last) = (present + 1, group);
        if (present < 2)
            throw new DivergedException(
                step, "support vector machine", "training rows of at least 2 classes", $"rows of '{classes[last]}' only",
                "write data.split.stratify: true, or add rows of other classes");
    }
}
