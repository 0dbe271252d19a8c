using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>Takes an optimizer over the parameters of a model, or of a range of it, from one buffer to another, in pieces that may run side by side.</summary>
/// <remarks>
/// Range  place i depends on place i alone, and a cell of <see cref="GradientCells"/> is never shared by two pieces: the same bits
///        however the model is cut into ranges, and however the pieces are shared out
/// Cost   reads and writes every number once, the rest of the sum too; a step allocates nothing unless another one runs at the same time
/// </remarks>
/// <param name="optimizer">The update rule.</param>
/// <param name="slices">All parameters of the model, each once, in the order of their places.</param>
/// <param name="cells">Where the norms of gradients are counted up.</param>
internal sealed class ParameterSweep(Optimizer optimizer, IEnumerable<ParameterSlice> slices, GradientCells cells)
{
    /// <summary>Parameters of one part: with two moments, a gradient and noise they fit the nearest cache.</summary>
    private const int PartNumbers = RangeGrid.CellLength;

    /// <summary>Parameters of one piece: some microseconds of work, which is what it costs to share it.</summary>
    private const int PieceNumbers = 16 * PartNumbers;

    /// <summary>With fewer parameters than this, another thread would come too late to help.</summary>
    private const int SharedNumbersMin = 64 * PartNumbers;

    private readonly ParameterSlice[] _pieces = [.. slices.SelectMany(slice => slice.Cut(PieceNumbers))];
    private Call? _spare;

    /// <summary>Takes one step.</summary>
    /// <param name="place">Which range, and where its optimizer state is.</param>
    /// <param name="buffers">Its numbers; more may follow in state and sum.</param>
    /// <param name="rules">What turns the gradient's sum into steps.</param>
    /// <param name="step">Which step this is.</param>
    /// <param name="runner">Runs the pieces.</param>
    /// <exception cref="DivergedException">
    /// A new parameter, its optimizer state, or a gradient that numbers are cut off from is not finite; the first block that has one is named.
    /// </exception>
    public void Run(in SweepPlace place, in UpdateBuffers buffers, in SweepRules rules, in StepContext step, IPartRunner runner)
    {
        Slice range = place.Range.State;
        int first = 0, end;
        while (first < _pieces.Length && _pieces[first].Parameters.End <= range.Start) first++;
        for (end = first; end < _pieces.Length && _pieces[end].Parameters.Start < range.End;) end++;
        Call call = Interlocked.Exchange(ref _spare, null) ?? new Call(this);
        call.Begin(first, place, buffers, rules, step);
        (range.Length < SharedNumbersMin ? PartsInTurn.Instance : runner).Run(end - first, call.RunPiece);
        string? error = call.Error.Number is { } piece ? _pieces[piece].Block : null;
        call.End();
        _spare = call;
        if (error is not null) throw new DivergedException(step.Step, error, "new parameters or moments that are not");
    }

    private bool Update(in ParameterSlice piece, Call call)
    {
        ParameterRange range = call.Place.Range;
        Slice within = piece.Parameters.Intersect(range.State);
        Span<float> after = call.Buffers.After.Floats, optimizerState = call.Buffers.OptimizerState.Floats, changed = stackalloc float[PartNumbers];
        ReadOnlySpan<float> before = call.Buffers.Before.Floats, sum = call.Buffers.Sum.Floats;
        if (piece.IsFrozen)
        {
            before.Slice(within.Start - range.State.Start, within.Length).CopyTo(after[(within.Start - range.State.Start)..]);
            return true;
        }
        UpdateRule rule = piece.IsWeights ? call.Rules.Weights : call.Rules.Biases;
        Span<float> tally = optimizerState[^cells.Of(range.Sum, 0).Length..];
        bool finite = true;
        for (int parameter = within.Start, length; parameter < within.End; parameter += length)
        {
            int inside = parameter - piece.Parameters.Start, gradientPlace = piece.Gradient + inside, at = parameter - range.State.Start;
            length = Math.Min(PartNumbers - (gradientPlace % PartNumbers), within.End - parameter);      // a cell, or what the borders leave of it
            call.Buffers.AddRest(gradientPlace - range.Sum.Start, length);
            ReadOnlySpan<float> gradient = sum.Slice(gradientPlace - range.Sum.Start, length);
            float squares = Reductions.SquaredNorm(gradient);
            if (!tally.IsEmpty) cells.Add(tally, range.Sum, piece.Cells, gradientPlace, squares * ((double)rule.Scale * rule.Scale), call.Step);
            Span<float> next = after.Slice(at, length);
            Span<float> first = VectorOf(optimizerState, 0, piece.OptimizerState + inside, length, call.Place), second = VectorOf(optimizerState, 1, piece.OptimizerState + inside, length, call.Place);
            optimizer.Update(before.Slice(at, length), next, call.Rules.Treatment.Of(gradient, changed, parameter), first, second, rule);
            finite &= Reductions.AllFinite(next);
            // Of an endless gradient that is cut off, or of a mean of squares that overflows and so stops its parameter, next says nothing.
            if (!float.IsFinite(squares)) finite &= Reductions.AllFinite(gradient) && Reductions.AllFinite(first) && Reductions.AllFinite(second);
        }
        return finite;
    }

    private Span<float> VectorOf(Span<float> optimizerState, int vector, int place, int length, in SweepPlace of) => vector < optimizer.OptimizerStatePerParameter
        ? optimizerState.Slice(of.OptimizerStateStart + (vector * of.VectorLength) + place - of.FirstPlace, length)
        : default;

    /// <summary>One step, as the threads that share it see it.</summary>
    private sealed class Call
    {
        private int _first;

        public Call(ParameterSweep sweep) => RunPiece = part =>
        {
            if (!sweep.Update(sweep._pieces[_first + part], this)) Error.Report(_first + part);
        };

        public Action<int> RunPiece { get; }

        public FirstFailure Error { get; } = new();

        public SweepPlace Place { get; private set; }

        public UpdateBuffers Buffers { get; private set; }

        public SweepRules Rules { get; private set; }

        public StepContext Step { get; private set; }

        public void Begin(int first, in SweepPlace place, in UpdateBuffers buffers, in SweepRules rules, in StepContext step)
        {
            (_first, Place, Buffers, Rules, Step) = (first, place, buffers, rules, step);
            Error.Clear();
        }

        /// <summary>Lets go of the buffers.</summary>
        public void End() => (Place, Buffers) = (default, default);
    }
}

/// <summary>Which range of the model a sweep changes, and where the optimizer's vectors are in its optimizer state.</summary>
/// <param name="Range">The range; the whole model is one too.</param>
/// <param name="OptimizerStateStart">Where the first of the vectors begins in the range's optimizer state.</param>
/// <param name="VectorLength">How many places of each vector the range has.</param>
/// <param name="FirstPlace">The first of these places, in the vectors of the whole model.</param>
internal readonly record struct SweepPlace(ParameterRange Range, int OptimizerStateStart, int VectorLength, int FirstPlace);

/// <summary>What turns a gradient's sum into the step of each kind of parameter.</summary>
/// <param name="Weights">For weights.</param>
/// <param name="Biases">For biases: without penalties.</param>
/// <param name="Treatment">What is done to the sum first.</param>
internal readonly record struct SweepRules(UpdateRule Weights, UpdateRule Biases, GradientTransform Treatment = default)
{
    /// <summary>The rules of a job at a step.</summary>
    /// <param name="training">The job's penalties and schedule.</param>
    /// <param name="scale">What the sum is multiplied by.</param>
    /// <param name="optimizerStep">Steps that the optimizer has taken.</param>
    /// <param name="step">Which step of the job this is.</param>
    public static SweepRules Of(TrainingSpec training, double scale, long optimizerStep, in StepContext step)
    {
        UpdateRule biases = new(optimizerStep, (float)scale, 0, 0, RateSchedule.FactorAt(training, step));
        return new SweepRules(biases with { L1 = (float)training.Regularize.L1, L2 = (float)training.Regularize.L2 }, biases);
    }
}
