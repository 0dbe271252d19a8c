using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Text.Word2Vec;

/// <summary>Rows of the state that a micro-batch moves: each is copied when it is first touched, the state stays as it is.</summary>
/// <remarks>Cost  allocates nothing once it has grown to the largest micro-batch seen</remarks>
internal sealed unsafe class LocalRows
{
    private const int Bits = 64, FirstRoom = 256;
    private readonly EmbeddingLayout _layout;
    private readonly int[] _slotOf;             // of a row; −1 if it is untouched
    private readonly ulong[] _touched;          // one bit a row
    private NumericBuffer _slots;
    private float[] _terms;
    private int _count;
    private float* _numbers;
    private float* _state;

    public LocalRows(EmbeddingLayout layout)
    {
        _layout = layout;
        _slotOf = new int[layout.Rows];
        _touched = new ulong[(layout.Rows + Bits - 1) / Bits];
        _terms = new float[FirstRoom];
        _slots = new NumericBuffer(NumberKind.Float32, FirstRoom * layout.Width);
        Array.Fill(_slotOf, -1);
    }

    /// <summary>Begins with no row touched.</summary>
    /// <param name="state">[StateLength], pinned while rows are touched and written out.</param>
    /// <param name="rowsMax">The most rows that will be touched.</param>
    public void Begin(float* state, int rowsMax)
    {
        _state = state;
        _count = 0;
        if (_terms.Length < rowsMax)
        {
            _terms = new float[rowsMax];
            _slots = new NumericBuffer(NumberKind.Float32, checked(rowsMax * _layout.Width));
        }
        _numbers = (float*)Unsafe.AsPointer(ref _slots.Floats[0]);      // on the pinned heap
    }

    /// <summary>The row as this micro-batch has left it; the place holds until <see cref="Begin"/>.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="terms">How many terms will be added to it.</param>
    public float* Touch(int row, int terms)
    {
        int slot = _slotOf[row];
        if (slot < 0) slot = Copy(row);
        _terms[slot] += terms;
        return _numbers + ((long)slot * _layout.Width);
    }

    /// <summary>Appends what was moved to an empty contribution, row by row, and forgets it.</summary>
    /// <param name="sum">Where to.</param>
    /// <param name="pace">c of <see cref="Word2VecLearner"/>.</param>
    public void WriteTo(EmbeddingSum sum, float pace)
    {
        for (int word = 0; word < _touched.Length; word++)
        {
            for (ulong bits = _touched[word]; bits != 0; bits &= bits - 1)
            {
                int row = (word * Bits) + BitOperations.TrailingZeroCount(bits), slot = _slotOf[row];
                Span<float> move = sum.Append(row, _terms[slot], Word2VecLearner.ShareOf(_terms[slot], pace));
                TensorPrimitives.Subtract(
                    new ReadOnlySpan<float>(_numbers + ((long)slot * _layout.Width), _layout.Width),
                    new ReadOnlySpan<float>(_state + ((long)row * _layout.Width), _layout.Width), move);
                _slotOf[row] = -1;
            }
            _touched[word] = 0;
        }
    }

    /// <summary>Forgets what was touched.</summary>
    public void Forget()
    {
        Array.Fill(_slotOf, -1);
        Array.Clear(_touched);
    }

    private int Copy(int row)
    {
        int slot = _count++;
        _slotOf[row] = slot;
        _terms[slot] = 0;
        _touched[row / Bits] |= 1UL << (row % Bits);
        new ReadOnlySpan<float>(_state + ((long)row * _layout.Width), _layout.Width)
            .CopyTo(new Span<float>(_numbers + ((long)slot * _layout.Width), _layout.Width));
        return slot;
    }
}
