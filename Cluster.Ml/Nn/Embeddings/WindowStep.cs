using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Embeddings;

/// <summary>One step of gradient descent on the loss of one window: input vectors against a true word and noise words.</summary>
/// <remarks>
/// Equation  s(n, k) = ⟨xₙ, yₖ⟩;  L = −Σₙ [ln σ(s(n, 0)) + Σₖ₌₁ ln σ(−s(n, k))];
///           xₙ −= η ∂L/∂xₙ = η Σₖ (σ(s(n, k)) − [k = 0])·yₖ;  yₖ −= η Σₙ (σ(s(n, k)) − [k = 0])·xₙ, both from the old vectors
/// Shapes    x [n, Width] copied in; y: a place of [Width] for each target
/// Range     each dot product is 16 running sums, added as (l, l + 8), (l, l + 4), (l, l + 2), (l, l + 1): the same bits at
///           every vector width
/// Cost      6·n·k·Width operations; targets go through registers in blocks of six
/// Source    Mikolov et al., "Distributed Representations of Words and Phrases and their Compositionality", NIPS 2013, eq. 4;
///           the noise words of a window are shared by its inputs: Ji, Satish, Li, Dubey, "Parallelizing Word2Vec in Shared and
///           Distributed Memory", 2016, § III
/// </remarks>
internal sealed unsafe class WindowStep
{
    private const int Lane = EmbeddingLayout.Lane, Block = 6;
    private const float CertainlyRight = 100f;      // its sigmoid is 1 and its logarithm 0: a place that adds nothing
    private readonly int _width;
    private readonly NumericBuffer _storage;
    private readonly float* _x, _moves, _scores, _shares, _logs, _signs, _nowhere;
    private readonly int _scoresMax;

    /// <param name="width">Of a padded vector.</param>
    /// <param name="inputsMax">The most inputs of a window.</param>
    public WindowStep(int width, int inputsMax)
    {
        int inputs = (inputsMax + 1) / 2 * 2;
        _width = width;
        _scoresMax = ((inputs * Block) + Lane - 1) / Lane * Lane;
        _storage = new NumericBuffer(NumberKind.Float32, (2 * inputs * width) + ((3 + (2 * Block)) * _scoresMax) + width);
        _x = (float*)Unsafe.AsPointer(ref _storage.Floats[0]);      // on the pinned heap
        _moves = _x + (inputs * width);
        _scores = _moves + (inputs * width);
        _shares = _scores + _scoresMax;
        _logs = _shares + _scoresMax;
        _signs = _logs + _scoresMax;
        _nowhere = _signs + (2 * Block * _scoresMax);
        for (int used = 1; used <= Block; used++)
            for (int i = 0; i < _scoresMax; i++)
            {
                SignsOf(true, used)[i] = i % Block >= used ? 0 : i % Block == 0 ? 1 : -1;
                SignsOf(false, used)[i] = i % Block >= used ? 0 : -1;
            }
    }

    /// <summary>Place of input <paramref name="index"/>, to be written before <see cref="Run"/>.</summary>
    public float* InputAt(int index) => _x + (index * _width);

    /// <summary>What is to be added to input <paramref name="index"/>, after <see cref="Run"/>.</summary>
    public float* MoveOf(int index) => _moves + (index * _width);

    /// <summary>Moves the targets, computes how the inputs are to move, and gives the window's loss.</summary>
    /// <param name="inputs">How many inputs were written.</param>
    /// <param name="targets">Places of the true word and of different noise words.</param>
    /// <param name="rate">η; with 0 nothing moves.</param>
    public double Run(int inputs, ReadOnlySpan<nint> targets, float rate)
    {
        if ((inputs & 1) != 0) new Span<float>(InputAt(inputs), _width).Clear();
        double loss = 0;
        for (int first = 0; first < targets.Length; first += Block)
        {
            Targets block = new(targets[first..], _nowhere);
            int used = Math.Min(Block, targets.Length - first);
            Score(inputs, block);
            loss += Judge(inputs, SignsOf(first == 0, used), rate);
            if (rate != 0) Move(inputs, block, continues: first > 0);
        }
        return loss;
    }

    /// <summary>y += x.</summary>
    public static void Add(float* x, float* y, int width)
    {
        for (int i = 0; i < width; i += Lane) (Vector512.Load(y + i) + Vector512.Load(x + i)).Store(y + i);
    }

    /// <summary>For each place of a score 1 where the target is the true word, −1 where it is noise, 0 where there is none.</summary>
    private float* SignsOf(bool holdsTrueWord, int used) => _signs + ((((holdsTrueWord ? 0 : Block) + used) - 1) * _scoresMax);

    /// <summary>Scores of two inputs and six targets at a time, so that twelve sums run side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score(int inputs, in Targets y)
    {
        for (int n = 0; n < inputs; n += 2)
        {
            float* a = InputAt(n), b = a + _width, to = _scores + (n * Block);
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
            Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
            for (int i = 0; i < _width; i += Lane)
            {
                Vector512<float> va = Vector512.Load(a + i), vb = Vector512.Load(b + i), t = Vector512.Load(y.T0 + i);
                (a0, b0) = (Vector512.FusedMultiplyAdd(va, t, a0), Vector512.FusedMultiplyAdd(vb, t, b0));
                t = Vector512.Load(y.T1 + i);
                (a1, b1) = (Vector512.FusedMultiplyAdd(va, t, a1), Vector512.FusedMultiplyAdd(vb, t, b1));
                t = Vector512.Load(y.T2 + i);
                (a2, b2) = (Vector512.FusedMultiplyAdd(va, t, a2), Vector512.FusedMultiplyAdd(vb, t, b2));
                t = Vector512.Load(y.T3 + i);
                (a3, b3) = (Vector512.FusedMultiplyAdd(va, t, a3), Vector512.FusedMultiplyAdd(vb, t, b3));
                t = Vector512.Load(y.T4 + i);
                (a4, b4) = (Vector512.FusedMultiplyAdd(va, t, a4), Vector512.FusedMultiplyAdd(vb, t, b4));
                t = Vector512.Load(y.T5 + i);
                (a5, b5) = (Vector512.FusedMultiplyAdd(va, t, a5), Vector512.FusedMultiplyAdd(vb, t, b5));
            }
            (to[0], to[1], to[2]) = (Collapse(a0), Collapse(a1), Collapse(a2));
            (to[3], to[4], to[5]) = (Collapse(a3), Collapse(a4), Collapse(a5));
            (to[6], to[7], to[8]) = (Collapse(b0), Collapse(b1), Collapse(b2));
            (to[9], to[10], to[11]) = (Collapse(b3), Collapse(b4), Collapse(b5));
        }
    }

    /// <summary>Turns scores into what each pair moves by, η·([k = 0] − σ(s)), and sums the loss. Places of no pair become 0.</summary>
    private double Judge(int inputs, float* signs, float rate)
    {
        int pairs = inputs * Block, padded = (pairs + Lane - 1) / Lane * Lane;
        Vector512<float> rates = Vector512.Create(rate), one = Vector512<float>.One, certain = Vector512.Create(CertainlyRight);
        for (int i = 0; i < padded; i += Lane)
        {
            Vector512<float> sign = Vector512.Load(signs + i);
            Vector512.ConditionalSelect(Vector512.Equals(sign, default), certain, Vector512.Load(_scores + i) * sign).Store(_scores + i);
        }
        new Span<float>(_scores + pairs, padded - pairs).Fill(CertainlyRight);
        StableMath.Sigmoid(new ReadOnlySpan<float>(_scores, padded), new Span<float>(_shares, padded));
        StableMath.Log(new ReadOnlySpan<float>(_shares, padded), new Span<float>(_logs, padded));
        for (int i = 0; i < padded; i += Lane)
            (rates * Vector512.Load(signs + i) * (one - Vector512.Load(_shares + i))).Store(_shares + i);
        return -Reductions.Sum(new ReadOnlySpan<float>(_logs, padded));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(int inputs, in Targets y, bool continues)
    {
        for (int i = 0; i < _width; i += Lane)
        {
            Vector512<float> y0 = Vector512.Load(y.T0 + i), y1 = Vector512.Load(y.T1 + i), y2 = Vector512.Load(y.T2 + i);
            Vector512<float> y3 = Vector512.Load(y.T3 + i), y4 = Vector512.Load(y.T4 + i), y5 = Vector512.Load(y.T5 + i);
            Vector512<float> d0 = y0, d1 = y1, d2 = y2, d3 = y3, d4 = y4, d5 = y5;
            for (int n = 0; n < inputs; n++)
            {
                float* share = _shares + (n * Block), move = MoveOf(n) + i;
                Vector512<float> x = Vector512.Load(InputAt(n) + i), sum = continues ? Vector512.Load(move) : default;
                Vector512<float> g = Vector512.Create(share[0]);
                (sum, d0) = (Vector512.FusedMultiplyAdd(g, y0, sum), Vector512.FusedMultiplyAdd(g, x, d0));
                g = Vector512.Create(share[1]);
                (sum, d1) = (Vector512.FusedMultiplyAdd(g, y1, sum), Vector512.FusedMultiplyAdd(g, x, d1));
                g = Vector512.Create(share[2]);
                (sum, d2) = (Vector512.FusedMultiplyAdd(g, y2, sum), Vector512.FusedMultiplyAdd(g, x, d2));
                g = Vector512.Create(share[3]);
                (sum, d3) = (Vector512.FusedMultiplyAdd(g, y3, sum), Vector512.FusedMultiplyAdd(g, x, d3));
                g = Vector512.Create(share[4]);
                (sum, d4) = (Vector512.FusedMultiplyAdd(g, y4, sum), Vector512.FusedMultiplyAdd(g, x, d4));
                g = Vector512.Create(share[5]);
                (sum, d5) = (Vector512.FusedMultiplyAdd(g, y5, sum), Vector512.FusedMultiplyAdd(g, x, d5));
                sum.Store(move);
            }
            d0.Store(y.T0 + i);
            d1.Store(y.T1 + i);
            d2.Store(y.T2 + i);
            d3.Store(y.T3 + i);
            d4.Store(y.T4 + i);
            d5.Store(y.T5 + i);
        }
    }

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
