using System.Numerics.Tensors;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>How the complete sum of a step's gradients becomes the next state. This file is the whole step, in its order from top to bottom.</summary>
/// <remarks>
/// Equation  for the model, in <see cref="Decide"/>:
///             mean         s = 1/n, n the examples that came; 1/B, B the batch of the job, if training is private
///             norm bound   s ← s·min(1, C/‖s·sum‖), by <see cref="NormRule"/>, if the job has one
///           for each cell of 1024 numbers, in <see cref="RangeStep.UpdateCell"/>:
///             sum          sum ← left half + right half of the tree, if they are still apart
///             norms        Σ (s·sum)², kept in <see cref="GradientCells"/> for reports
///             noise        sum ← sum in fixed point with discrete noise (<see cref="FixedPointNoise"/>) if training is private; else sum ← min(max(sum, −V/s), V/s) if the job bounds values by V
///             regularizer  g = s·sum + L1·sign(w) + 2·L2·w; of biases without L1 and L2
///             optimizer    (w, its vectors) ← the update rule at the rate η·schedule(step)
/// Range     s is all that the parameters of a step share, so a model may be stepped whole or range by range. The noise of parameter i
///           depends on (secret, step, i) alone. A cell is never shared by two threads: the same bits for any ranges and any threads
/// Cost      reads and writes every number once, the right half of the sum too; allocates nothing unless two steps run at the same time
/// </remarks>
internal sealed class OptimizerStep
{
    /// <summary>With fewer parameters than this, another thread would come too late to help.</summary>
    private const int SharedNumbersMin = 64 * RangeGrid.CellLength;

    private readonly JobSpec _spec;
    private readonly FixedPointNoise? _noise;
    private readonly AdaptiveClip? _clip;
    private readonly PrivacySecret? _secret;
    private RangeStep? _spare;

    /// <summary>The steps of a job.</summary>
    /// <param name="spec">The job: its penalties, bounds, schedule and privacy.</param>
    /// <param name="layout">Where parameters, gradients and optimizer state lie.</param>
    /// <param name="noiseMultiplier">Private training: σ, the noise's standard deviation over the clipping norm.</param>
    /// <param name="secret">Private training: what noise is drawn from; null if no step is to be taken.</param>
    public OptimizerStep(JobSpec spec, StepLayout layout, double noiseMultiplier = 0, PrivacySecret? secret = null)
    {
        (_spec, Layout, _secret) = (spec, layout, secret);
        _clip = AdaptiveClip.Of(spec);
        if (spec.Privacy is { } privacy)
            _noise = new FixedPointNoise(_clip is null ? privacy.Clip : 1, AdaptiveClip.MultiplierOfSum(spec, noiseMultiplier), layout.GradientCount);
    }

    /// <summary>Where parameters, gradients and optimizer state lie.</summary>
    public StepLayout Layout { get; }

    /// <summary>How many sums of squares a range adds to the norm of this step; 0 without a norm bound.</summary>
    public int SquaresLength(ParameterRange range, in StepContext step)
    {
        if (_spec.Training.ClipNorm is null) return 0;
        int count = 0;
        foreach (Slice run in TurnOf(step).NormRuns)
            for (Slice cell = CellAt(run.Start, run, range); cell.Length > 0; cell = CellAt(cell.End, run, range)) count++;
        return count;
    }

    /// <summary>Writes the sum of squares of each cell of the gradient that the step follows.</summary>
    public void Square(ParameterRange range, ReadOnlySpan<float> sum, in StepContext step, Span<float> squares)
    {
        if (squares.IsEmpty) return;
        int count = 0;
        foreach (Slice run in TurnOf(step).NormRuns)
            for (Slice cell = CellAt(run.Start, run, range); cell.Length > 0; cell = CellAt(cell.End, run, range))
                squares[count++] = Reductions.SquaredNorm(sum.Slice(cell.Start - range.Sum.Start, cell.Length));
    }

    /// <summary>The factor s of the step, and what the step reports.</summary>
    /// <param name="statistics">The step's statistics.</param>
    /// <param name="squares">Those of all ranges, in their order.</param>
    /// <param name="step">Which step this is.</param>
    /// <exception cref="DivergedException">The loss, or the norm that is bounded, is not finite.</exception>
    public RangedStep Decide(ReadOnlySpan<float> statistics, ReadOnlySpan<float> squares, in StepContext step)
    {
        double loss = statistics[StepStatistics.LossSum], examples = statistics[StepStatistics.Examples];
        if (!double.IsFinite(loss)) throw new DivergedException(step.Step, "loss", $"{loss}");
        UpdateOutcome outcome = new(false, examples > 0 ? loss / examples : 0, (long)examples);
        double divisor = _spec.Privacy is null ? examples : _spec.Training.Batch;
        if (!(divisor > 0)) return new RangedStep(null, outcome);
        double mean = 1 / divisor;
        return new RangedStep(_spec.Training.ClipNorm is { } most ? Bounded(mean, most, squares, step) : mean, outcome);
    }

    /// <summary>Takes the step of one range: its parameters, its optimizer state, and the carried numbers if it has them.</summary>
    /// <param name="range">Which range; the whole model is one.</param>
    /// <param name="buffers">Its numbers; others may follow in the sum.</param>
    /// <param name="scale">s; null if no example contributed: then no parameter changes.</param>
    /// <param name="step">Which step this is.</param>
    /// <param name="runner">Runs the pieces.</param>
    /// <exception cref="DivergedException">
    /// A new parameter, its optimizer state, or a gradient whose values are bounded is not finite; the first block that has one is named.
    /// </exception>
    public void UpdateRange(ParameterRange range, in UpdateBuffers buffers, double? scale, in StepContext step, IPartRunner runner)
    {
        if (scale is null) buffers.Keep();
        float clip = _clip is null ? 1 : buffers.Before.Floats[range.State.Length - 1];
        TakeCarried(range, buffers, step);
        if (scale is not { } factor) return;
        RangeStep own = Interlocked.Exchange(ref _spare, null) ?? new RangeStep(this);
        string? diverged = own.Run(range, buffers, ((float)factor, clip), step, range.State.Length < SharedNumbersMin ? PartsInTurn.Instance : runner);
        _spare = own;
        if (diverged is not null) throw new DivergedException(step.Step, diverged, "new parameters or moments that are not");
    }

    private StepTurn TurnOf(in StepContext step) => Layout.Turns[step.Step % Layout.Turns.Length];

    /// <summary>From a place to the end of its cell, of the run or of the range, whichever comes first; empty behind them.</summary>
    private static Slice CellAt(int place, Slice run, ParameterRange range)
    {
        int start = Math.Max(place, range.Sum.Start);
        int end = Math.Min(((start / RangeGrid.CellLength) + 1) * RangeGrid.CellLength, Math.Min(run.End, range.Sum.End));
        return new Slice(start, Math.Max(0, end - start));
    }

    /// <summary>The factor that bounds the norm of the mean gradient. The squares of each cell are summed apart.</summary>
    /// <exception cref="DivergedException">The norm is not finite: nothing would be left of the gradient.</exception>
    private double Bounded(double mean, double most, ReadOnlySpan<float> squares, in StepContext step)
    {
        double sum = 0;
        foreach (float square in squares) sum += square;
        double norm = Math.Sqrt(sum) * (Layout.Norm == NormRule.Blocks ? (float)mean : mean);
        if (!double.IsFinite(norm)) throw new DivergedException(step.Step, "gradient", $"a norm of {norm}");
        if (Layout.Norm == NormRule.Blocks) return (float)mean * (float)Math.Min(1, most / (norm + 1e-6));
        return norm > most ? mean * (most / norm) : mean;
    }

    private PrivacySecret Secret => _secret ?? throw new InvalidOperationException("OptimizerStep: wanted the secret of a private run, got none.");

    /// <summary>
    /// Numbers behind the parameters that the sum replaces: each is a number of one micro-batch, and zero from all others. Of a private model it is the clipping
    /// norm, which a noisy count moves.
    /// </summary>
    private void TakeCarried(ParameterRange range, in UpdateBuffers buffers, in StepContext step)
    {
        int count = range.State.End - Layout.ParameterCount;
        if (count <= 0) return;
        int from = Layout.GradientCount - range.Sum.Start;
        buffers.AddRest(from, count);
        if (_clip is not null)
        {
            int last = range.State.Length - 1;
            buffers.After.Floats[last] = _clip.Next(buffers.Before.Floats[last], buffers.Sum.Floats[from], Secret, step.Step, Layout.ParameterCount);
            return;
        }
        buffers.Sum.Floats.Slice(from, count).CopyTo(buffers.After.Floats[(Layout.ParameterCount - range.State.Start)..]);
    }

    /// <summary>The step of one range, as the threads that share it see it. Kept for the next step, so that none allocates.</summary>
    private sealed class RangeStep
    {
        private readonly OptimizerStep _of;
        private readonly Action<int> _runPiece;
        private readonly FirstFailure _failure = new();
        private StepTurn _turn;
        private ParameterRange _range;
        private UpdateBuffers _buffers;
        private StepContext _step;
        private UpdateRule _weights, _biases;
        private Slice _vector;
        private int _vectorPlace, _cellsLength, _first;
        private float _clip;

        public RangeStep(OptimizerStep of)
        {
            (_of, _turn, _range) = (of, of.Layout.Turns[0], of.Layout.Whole);
            _runPiece = piece =>
            {
                if (!UpdatePiece(_turn.Pieces[_first + piece])) _failure.Report(_first + piece);
            };
        }

        /// <returns>The first block with a number that is not finite; null if there is none.</returns>
        public string? Run(ParameterRange range, in UpdateBuffers buffers, (float Mean, float Clip) scales, in StepContext step, IPartRunner runner)
        {
            (_turn, _range, _buffers, _step) = (_of.TurnOf(step), range, buffers, step);
            _clip = scales.Clip;
            TrainingSpec training = _of._spec.Training;
            _biases = new UpdateRule(step.Step / _of.Layout.Turns.Length, scales.Mean, 0, 0, RateSchedule.FactorAt(training, step));
            _weights = _biases with { L1 = (float)training.Regularize.L1, L2 = (float)training.Regularize.L2 };
            (_vector, _vectorPlace) = (_of.Layout.VectorOf(range, _turn), _turn.PlacesOf(range.Sum).Start);
            _cellsLength = _of.Layout.Cells.Of(range.Sum, 0).Length;
            _failure.Clear();

            (_first, int end) = _turn.PiecesIn(range.State);
            runner.Run(end - _first, _runPiece);

            _buffers = default;
            return _failure.Number is { } piece ? _turn.Pieces[piece].Block : null;
        }

        /// <returns>Whether all new numbers are finite.</returns>
        private bool UpdatePiece(in StepPiece piece)
        {
            Slice within = piece.Parameters.Intersect(_range.State);
            if (piece.IsFrozen)
            {
                int at = within.Start - _range.State.Start;
                _buffers.Before.Floats.Slice(at, within.Length).CopyTo(_buffers.After.Floats[at..]);
                return true;
            }
            Span<float> changed = stackalloc float[RangeGrid.CellLength];
            bool finite = true;
            for (int parameter = within.Start, length; parameter < within.End; parameter += length)
            {
                int gradient = piece.Gradient + parameter - piece.Parameters.Start;
                length = Math.Min(RangeGrid.CellLength - (gradient % RangeGrid.CellLength), within.End - parameter);      // a cell, or what the borders leave of it
                finite &= UpdateCell(piece, new Slice(parameter, length), changed[..length]);
            }
            return finite;
        }

        /// <summary>Sum, norms, noise or bound of values, then the optimizer, which applies regularizer and rate number by number.</summary>
        private bool UpdateCell(in StepPiece piece, Slice parameters, Span<float> changed)
        {
            UpdateRule rule = piece.IsWeights ? _weights : _biases;
            int inPiece = parameters.Start - piece.Parameters.Start, gradient = piece.Gradient + inPiece;
            int inSum = gradient - _range.Sum.Start, inState = parameters.Start - _range.State.Start;
            Span<float> optimizerState = _buffers.OptimizerState.Floats;

            _buffers.AddRest(inSum, parameters.Length);
            ReadOnlySpan<float> sum = _buffers.Sum.Floats.Slice(inSum, parameters.Length);

            float squares = Reductions.SquaredNorm(sum);
            if (_cellsLength > 0)
                _of.Layout.Cells.Add(optimizerState[^_cellsLength..], _range.Sum, piece.Cells, gradient, squares * ((double)rule.Scale * rule.Scale), _step);

            ReadOnlySpan<float> stepped = Treated(sum, changed, parameters.Start, rule.Scale);

            ReadOnlySpan<float> before = _buffers.Before.Floats.Slice(inState, parameters.Length);
            Span<float> after = _buffers.After.Floats.Slice(inState, parameters.Length);
            Slice vector = new(_vector.Start + piece.OptimizerState + inPiece - _vectorPlace, parameters.Length);
            Span<float> first = VectorOf(optimizerState, 0, vector), second = VectorOf(optimizerState, 1, vector);
            _turn.Optimizer.Update(before, after, stepped, first, second, rule);

            // If a bound cuts an infinite gradient off, or a mean of squares overflows and so stops its parameter, the new parameters do not tell.
            return Reductions.AllFinite(after)
                && (float.IsFinite(squares) || (Reductions.AllFinite(sum) && Reductions.AllFinite(first) && Reductions.AllFinite(second)));
        }

        /// <summary>The sum with noise, or with its values bounded, in <paramref name="changed"/>; the sum itself if the job asks for neither.</summary>
        private ReadOnlySpan<float> Treated(ReadOnlySpan<float> sum, Span<float> changed, int parameter, float scale)
        {
            if (_of._noise is { } noise)
            {
                noise.Add(sum, changed, _of.Secret, _step.Step, parameter, _clip);
                return changed;
            }
            if (_of._spec.Training.ClipValue is not { } limit) return sum;
            float most = (float)limit / scale;
            TensorPrimitives.Clamp(sum, -most, most, changed);
            return changed;
        }

        private Span<float> VectorOf(Span<float> optimizerState, int vector, Slice places) => vector < _turn.Optimizer.OptimizerStatePerParameter
            ? optimizerState.Slice(places.Start + (vector * _vector.Length), places.Length)
            : default;
    }
}
