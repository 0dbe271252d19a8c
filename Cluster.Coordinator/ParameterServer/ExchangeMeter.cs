using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// Counts what the exchange with the workers costs in this life of the parameter server: bytes, time that workers wait, and
/// work done twice. It measures and decides nothing; no result depends on it.
/// </summary>
/// <remarks>
/// Equation  idle share = 1 − Σ time that a worker owes an answer / Σ time that it takes part,  over training rounds
/// Units     bytes of numbers as they would travel between two processes, without the names around them
/// </remarks>
internal sealed class ExchangeMeter
{
    private readonly Dictionary<WorkerId, TimeSpan> _owing = [];
    private TimeSpan _busy;
    private TimeSpan _present;
    private TimeSpan _openedAt;
    private bool _open;
    private long _applied;
    private long _ahead;
    private long _aheadMost;
    private long _missed;

    /// <summary>Bytes of states that were sent.</summary>
    public long BytesPublished { get; set; }

    /// <summary>Bytes of contributions that came.</summary>
    public long BytesGathered { get; set; }

    /// <summary>Bytes of the sums that training took, and how many there were.</summary>
    public (long Bytes, long Count) Sums { get; private set; }

    /// <summary>How often training went on from the beginning of a window.</summary>
    public long WindowsRepeated { get; set; }

    /// <summary>How many steps were taken again for it.</summary>
    public long StepsRepeated { get; set; }

    /// <summary>Micro-batches that were given to a second worker.</summary>
    public long Speculated { get; set; }

    /// <summary>How many of them that worker answered first.</summary>
    public long SpeculationWon { get; set; }

    /// <summary>Training took a sum.</summary>
    public void OnSum(int bytes) => Sums = (Sums.Bytes + bytes, Sums.Count + 1);

    /// <summary>A contribution with bounded staleness was applied.</summary>
    /// <param name="ahead">How many steps it was ahead of the slowest when it was begun.</param>
    /// <param name="missed">How many other contributions were applied since.</param>
    public void OnApplied(long ahead, long missed)
    {
        _applied++;
        _ahead += ahead;
        _missed += missed;
        _aheadMost = Math.Max(_aheadMost, ahead);
    }

    /// <summary>Share of the workers' time in which they owed nothing; NaN before the first round has ended.</summary>
    public double IdleShare => _present > TimeSpan.Zero ? 1 - (_busy / _present) : double.NaN;

    /// <summary>Training with bounded staleness begins an epoch: workers owe nothing until they are asked.</summary>
    public void OnOpened(TimeSpan now)
    {
        if (!_open) (_open, _openedAt) = (true, now);
    }

    /// <summary>A training round begins for these workers; the one before, if any, is over.</summary>
    public void OnOpened(IReadOnlyList<ShardHost> workers, TimeSpan now)
    {
        OnClosed(workers.Count, now);
        (_open, _openedAt) = (true, now);
        foreach (ShardHost worker in workers) _owing[worker.Id] = now;
    }

    /// <summary>The open training round is over.</summary>
    public void OnClosed(int workers, TimeSpan now)
    {
        if (!_open) return;
        _open = false;
        _present += (now - _openedAt) * workers;
        foreach (TimeSpan since in _owing.Values) _busy += now - since;
        _owing.Clear();
    }

    /// <summary>A worker is asked in the middle of the round.</summary>
    public void OnAsked(WorkerId worker, TimeSpan now)
    {
        if (_open) _owing.TryAdd(worker, now);
    }

    /// <summary>A worker owes nothing more.</summary>
    public void OnDone(WorkerId worker, TimeSpan now)
    {
        if (_owing.Remove(worker, out TimeSpan since)) _busy += now - since;
    }

    /// <summary>
    /// What a report shows: for every job what was sent and how long workers waited, how many times smaller compression made the sums, and
    /// what its mode is about.
    /// </summary>
    /// <param name="plan">The job.</param>
    public ImmutableArray<NamedFigure> FiguresOf(TrainingPlan plan)
    {
        ImmutableArray<NamedFigure>.Builder figures = ImmutableArray.CreateBuilder<NamedFigure>();
        figures.Add(new("bytes_published", BytesPublished));
        figures.Add(new("bytes_gathered", BytesGathered));
        figures.Add(new("idle_share", IdleShare));
        if (plan.UncompressedLength is { } length) figures.Add(new("compression_ratio", (double)Sums.Count * length * sizeof(float) / Sums.Bytes));
        if (plan.Feedback is not null)
        {
            figures.Add(new("windows_repeated", WindowsRepeated));
            figures.Add(new("steps_repeated", StepsRepeated));
        }
        if (plan.SpeculateAfter is not null)
        {
            figures.Add(new("speculated_micro_batches", Speculated));
            figures.Add(new("speculation_won", SpeculationWon));
        }
        if (plan.StalenessBound is not null)
        {
            figures.Add(new("staleness_steps_mean", (double)_ahead / Math.Max(1, _applied)));
            figures.Add(new("staleness_steps_most", _aheadMost));
            figures.Add(new("updates_missed_mean", (double)_missed / Math.Max(1, _applied)));
        }
        return figures.ToImmutable();
    }
}
