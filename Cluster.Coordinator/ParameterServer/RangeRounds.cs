using System.Runtime.InteropServices;
using Cluster.Messages;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>What the servers of a job's parameter ranges have said of the open round, and how far the store follows them.</summary>
internal sealed class RangeRounds(int count)
{
    private readonly bool[] _gathered = new bool[count];
    private readonly ImmutableArray<int>[] _missing = new ImmutableArray<int>[count];
    private readonly float[][] _squares = [.. Enumerable.Repeat<float[]>([], count)];
    private float[] _allSquares = [];

    /// <summary>What the last step that was decided multiplies its sum by; null if no parameter changes.</summary>
    public double? Scale { get; set; }

    /// <summary>Whether the servers are being asked for what they keep: until all has come none may take another step.</summary>
    public bool IsCollecting { get; set; }

    /// <summary>The step whose numbers the store has.</summary>
    public long CollectedStep { get; private set; }

    /// <summary>Whether every range is gathered, and may be changed.</summary>
    public bool MayStep => !IsCollecting && !_gathered.AsSpan().Contains(false);

    /// <summary>The sums of squares of all ranges, in their order: that of the cells, however they are cut.</summary>
    public ReadOnlySpan<float> Squares
    {
        get
        {
            int length = _squares.Sum(squares => squares.Length), place = 0;
            if (_allSquares.Length != length) _allSquares = new float[length];
            foreach (float[] squares in _squares)
            {
                squares.CopyTo(_allSquares, place);
                place += squares.Length;
            }
            return _allSquares;
        }
    }

    /// <summary>A round begins.</summary>
    public void Open()
    {
        _gathered.AsSpan().Clear();
        _missing.AsSpan().Fill([]);
    }

    /// <summary>Whether that server has gathered its range.</summary>
    public bool IsGathered(int range) => _gathered[range];

    /// <summary>Whether a server is known to miss this micro-batch.</summary>
    public bool IsMissing(int shard)
    {
        foreach (ImmutableArray<int> missing in _missing)
            if (!missing.IsDefaultOrEmpty && missing.Contains(shard)) return true;
        return false;
    }

    /// <summary>A server says how far it is with the open round. What it has once had, it has.</summary>
    public void OnGathered(RangeGathered gathered)
    {
        int range = gathered.Range.Index;
        if (_gathered[range]) return;
        _gathered[range] = gathered.Missing.IsEmpty;
        _missing[range] = gathered.Missing;
        ReadOnlySpan<float> squares = MemoryMarshal.Cast<byte, float>(gathered.Squares.Bytes.Span);
        if (_squares[range].Length != squares.Length) _squares[range] = new float[squares.Length];
        squares.CopyTo(_squares[range]);
    }

    /// <summary>The store has the numbers of this step.</summary>
    public void OnCollected(long step) => (CollectedStep, IsCollecting) = (step, false);
}
