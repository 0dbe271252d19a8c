using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics;
using Cluster.Ml.Numerics.Functions;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Text.Word2Vec;

/// <summary>Gradient descent on the loss of one window: input vectors against a true word and noise words, one input after another.</summary>
/// <remarks>
/// Equation  s(n, k) = ⟨xₙ, yₖ⟩;  L = −Σₙ [ln σ(s(n, 0)) + Σₖ₌₁ ln σ(−s(n, k))];  for n = 0, 1, …, by the yₖ that the inputs before n left:
///           xₙ −= η Σₖ (σ(s(n, k)) − [k = 0])·yₖ;  yₖ −= η (σ(s(n, k)) − [k = 0])·xₙ, both from the old vectors
/// Shapes    x [n, Width] copied in; y: a place of [Width] for each target
/// Range     each dot product is 16 running sums, added as (l, l + 8), (l, l + 4), (l, l + 2), (l, l + 1): the same bits at
///           every vector width
/// Cost      6·n·k·Width operations; targets go through registers in blocks of six, and are read once an input: what moves them by one
///           input also scores them against the next
/// Source    Mikolov et al., "Distributed Representations of Words and Phrases and their Compositionality", NIPS 2013, eq. 4;
///           the noise words of a window are shared by its inputs: Ji, Satish, Li, Dubey, "Parallelizing Word2Vec in Shared and
///           Distributed Memory", 2016, § III
/// Differs   from Ji et al., whose inputs all meet the targets as they were before the window: that leaves out that words around the same
///           one draw nearer to each other, and neighbours come out otherwise than by the authors' program
/// </remarks>
internal sealed unsafe class WindowStep
{
    private const int Lane = EmbeddingLayout.Lane, Block = 6, Row = 8;      // a row of scores: six, and two that are none
    private const float CertainlyRight = 100f;      // its sigmoid is 1 and its logarithm 0: a place that adds nothing
    private readonly int _width;
    private readonly NumericBuffer _storage;
    private readonly float* _x, _moves, _right, _signs, _nowhere;

    /// <param name="width">Of a padded vector.</param>
    /// <param name="inputsMax">The most inputs of a window.</param>
    public WindowStep(int width, int inputsMax)
    {
        _width = width;
        _storage = new NumericBuffer(NumberKind.Float32, (2 * inputsMax * width) + (inputsMax * Row) + (2 * Block * Row) + width);
        _x = (float*)Unsafe.AsPointer(ref _storage.Floats[0]);      // on the pinned heap
        _moves = _x + (inputsMax * width);
        _right = _moves + (inputsMax * width);
        _signs = _right + (inputsMax * Row);
        _nowhere = _signs + (2 * Block * Row);
        for (int used = 1; used <= Block; used++)
            for (int k = 0; k < used; k++)
            {
                SignsOf(true, used)[k] = k == 0 ? 1 : -1;
                SignsOf(false, used)[k] = -1;
            }
    }

    /// <summary>Place of input <paramref name="index"/>, to be written before <see cref="Run"/>.</summary>
    public float* InputAt(int index) => _x + (index * _width);

    /// <summary>What is to be added to input <paramref name="index"/>, after <see cref="Run"/>.</summary>
    public float* DecisionOf(int index) => _moves + (index * _width);

    /// <summary>Moves the targets, computes how the inputs are to move, and gives the window's loss.</summary>
    /// <param name="inputs">How many inputs were written.</param>
    /// <param name="targets">Places of the true word and of different noise words.</param>
    /// <param name="rate">η; with 0 nothing moves.</param>
    public double Run(int inputs, ReadOnlySpan<nint> targets, float rate)
    {
        double loss = 0;
        new Span<float>(_moves, inputs * _width).Clear();
        for (int first = 0; first < targets.Length; first += Block)
        {
            Targets block = new(targets[first..], _nowhere);
            float* signs = SignsOf(first == 0, Math.Min(Block, targets.Length - first));
            Walk(inputs, block, Vector256.Load(signs), rate);
            Span<float> right = new(_right, inputs * Row);
            StableMath.Log(right, right);
            loss -= Reductions.Sum(right);
        }
        return loss;
    }

    /// <summary>y += x.</summary>
    public static void Add(float* x, float* y, int width)
    {
        for (int i = 0; i < width; i += Lane) (Vector512.Load(y + i) + Vector512.Load(x + i)).Store(y + i);
    }

    /// <summary>For each of six targets 1 if it is the true word, −1 if it is noise, 0 if there is none.</summary>
    private float* SignsOf(bool holdsTrueWord, int used) => _signs + ((((holdsTrueWord ? 0 : Block) + used) - 1) * Row);

    /// <summary>Lets each input meet six targets as the one before has left them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(int inputs, in Targets y, Vector256<float> signs, float rate)
    {
        Vector256<float> scores = Score(InputAt(0), y);
        for (int n = 0; n < inputs; n++)
        {
            Vector256<float> share = Judge(scores, signs, rate, n);
            scores = Move(InputAt(n), DecisionOf(n), y, share, InputAt(Math.Min(n + 1, inputs - 1)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Score(float* input, in Targets y)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        for (int i = 0; i < _width; i += Lane)
        {
            Vector512<float> x = Vector512.Load(input + i);
            s0 = Vector512.FusedMultiplyAdd(x, Vector512.Load(y.T0 + i), s0);
            s1 = Vector512.FusedMultiplyAdd(x, Vector512.Load(y.T1 + i), s1);
            s2 = Vector512.FusedMultiplyAdd(x, Vector512.Load(y.T2 + i), s2);
            s3 = Vector512.FusedMultiplyAdd(x, Vector512.Load(y.T3 + i), s3);
            s4 = Vector512.FusedMultiplyAdd(x, Vector512.Load(y.T4 + i), s4);
            s5 = Vector512.FusedMultiplyAdd(x, Vector512.Load(y.T5 + i), s5);
        }
        return Collapse(s0, s1, s2, s3, s4, s5);
    }

    /// <summary>Moves six targets by what they share with an input, adds to how that is to move, and scores the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Move(float* input, float* move, in Targets y, Vector256<float> share, float* next)
    {
        Vector512<float> g0 = Vector512.Create(share[0]), g1 = Vector512.Create(share[1]), g2 = Vector512.Create(share[2]);
        Vector512<float> g3 = Vector512.Create(share[3]), g4 = Vector512.Create(share[4]), g5 = Vector512.Create(share[5]);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        for (int i = 0; i < _width; i += Lane)
        {
            Vector512<float> x = Vector512.Load(input + i), z = Vector512.Load(next + i), sum = Vector512.Load(move + i);
            sum = Meet(y.T0 + i, x, z, g0, sum, ref s0);
            sum = Meet(y.T1 + i, x, z, g1, sum, ref s1);
            sum = Meet(y.T2 + i, x, z, g2, sum, ref s2);
            sum = Meet(y.T3 + i, x, z, g3, sum, ref s3);
            sum = Meet(y.T4 + i, x, z, g4, sum, ref s4);
            sum = Meet(y.T5 + i, x, z, g5, sum, ref s5);
            sum.Store(move + i);
        }
        return Collapse(s0, s1, s2, s3, s4, s5);
    }

    /// <summary>Moves 16 numbers of a target along x, scores them against z, and adds to how x is to move.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Meet(float* target, Vector512<float> x, Vector512<float> z, Vector512<float> share, Vector512<float> sum, ref Vector512<float> score)
    {
        Vector512<float> y = Vector512.Load(target), moved = Vector512.FusedMultiplyAdd(share, x, y);
        moved.Store(target);
        score = Vector512.FusedMultiplyAdd(z, moved, score);
        return Vector512.FusedMultiplyAdd(share, y, sum);
    }

    /// <summary>Turns an input's scores into what each pair moves by, η·([k = 0] − σ(s)); 0 if there is no target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Judge(Vector256<float> scores, Vector256<float> signs, float rate, int n)
    {
        Vector256<float> towards = Vector256.ConditionalSelect(Vector256.Equals(signs, default), Vector256.Create(CertainlyRight), scores * signs);
        Vector256<float> right = LogisticSigmoidFloat.Apply<Lanes256<float>, Vector256<float>>(towards);
        right.Store(_right + (n * Row));
        return Vector256.Create(rate) * signs * (Vector256<float>.One - right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Collapse(
        Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, Vector512<float> s4, Vector512<float> s5) =>
        Vector256.Create(Collapse(s0), Collapse(s1), Collapse(s2), Collapse(s3), Collapse(s4), Collapse(s5), 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Collapse(Vector512<float> lanes)
    {
        Vector256<float> eight = lanes.GetLower() + lanes.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    /// <summary>Six targets by name, so that they stay in registers; those that there are not are one place of zeros.</summary>
    private readonly struct Targets
    {
        public readonly float* T0, T1, T2, T3, T4, T5;

        public Targets(ReadOnlySpan<nint> places, float* nowhere)
        {
            T0 = (float*)places[0];
            T1 = places.Length > 1 ? (float*)places[1] : nowhere;
            T2 = places.Length > 2 ? (float*)places[2] : nowhere;
            T3 = places.Length > 3 ? (float*)places[3] : nowhere;
            T4 = places.Length > 4 ? (float*)places[4] : nowhere;
            T5 = places.Length > 5 ? (float*)places[5] : nowhere;
        }
    }
}
