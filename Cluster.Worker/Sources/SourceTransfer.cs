using Cluster.Messages;
using Cluster.Messages.Wire;

namespace Cluster.Worker.Sources;

/// <summary>One block of a file of a data source.</summary>
/// <param name="File">Which file, from 0.</param>
/// <param name="Offset">Where it begins.</param>
internal readonly record struct SourceBlock(int File, long Offset);

/// <summary>
/// Which blocks of a data source have been asked for, which are being stored, and which come next. Every decision about a
/// transfer is here; it sends and writes nothing.
/// </summary>
internal sealed class SourceTransfer
{
    /// <summary>How many blocks are asked for or being stored at once: 2 MiB, enough that the link never waits for the disk.</summary>
    public const int WindowBlocks = 8;

    private readonly ImmutableArray<SourceFile> _files;
    private readonly SortedSet<SourceBlock> _asked = new(Comparer<SourceBlock>.Create(
        (one, other) => one.File != other.File ? one.File.CompareTo(other.File) : one.Offset.CompareTo(other.Offset)));
    private readonly HashSet<SourceBlock> _storing = [];
    private SourceBlock _next;

    public SourceTransfer(ImmutableArray<SourceFile> files)
    {
        _files = files;
        SkipFinishedFiles();
    }

    /// <summary>The blocks that have been asked for and have not come.</summary>
    public IReadOnlyCollection<SourceBlock> Missing => _asked;

    /// <summary>Whether every block is stored.</summary>
    public bool IsComplete => _next.File == _files.Length && _asked.Count == 0 && _storing.Count == 0;

    /// <summary>The blocks to ask for now: as many as fit into the window.</summary>
    public IReadOnlyList<SourceBlock> AskNext()
    {
        List<SourceBlock> asked = [];
        while (_next.File < _files.Length && _asked.Count + _storing.Count < WindowBlocks)
        {
            asked.Add(_next);
            _asked.Add(_next);
            _next = _next with { Offset = _next.Offset + Limits.SourceBlockBytes };
            SkipFinishedFiles();
        }
        return asked;
    }

    /// <summary>A block or its handle has come. Returns whether to take it: it was asked for, is not being stored already, and has the right length.</summary>
    public bool OnRead(SourceRead read)
    {
        SourceBlock block = new(read.File, read.Offset);
        if (!_asked.Contains(block) || read.Block.Length != Math.Min(Limits.SourceBlockBytes, _files[read.File].Length - read.Offset)) return false;
        if (read.Block.IsElsewhere) return true;
        _asked.Remove(block);
        _storing.Add(block);
        return true;
    }

    /// <summary>A block is on disk.</summary>
    public void OnStored(SourceBlock block) => _storing.Remove(block);

    /// <summary>A block was damaged on its way, or could not be stored yet: it is missing again.</summary>
    public void OnNotStored(SourceBlock block)
    {
        if (_storing.Remove(block)) _asked.Add(block);
    }

    private void SkipFinishedFiles()
    {
        while (_next.File < _files.Length && _next.Offset >= _files[_next.File].Length) _next = new SourceBlock(_next.File + 1, 0);
    }
}
