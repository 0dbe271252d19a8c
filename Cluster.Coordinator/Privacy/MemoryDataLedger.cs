using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Privacy;

/// <summary>A ledger that is forgotten with the process: for simulations.</summary>
internal sealed class MemoryDataLedger : IDataLedger
{
    private readonly Dictionary<(string Data, string Run), PrivacyEntry> _entries = [];
    private readonly Lock _gate = new();

    public IReadOnlyList<PrivacyEntry> Enter(DataSpending spending)
    {
        lock (_gate)
        {
            PrivacyEntry[] others = [.. _entries.Where(pair => pair.Key.Data == spending.DataSha256 && pair.Key.Run != spending.Run).Select(pair => pair.Value)];
            spending.Require(others);
            PrivacyEntry entry = spending.Entry;
            if (_entries.TryGetValue((spending.DataSha256, spending.Run), out PrivacyEntry before)) entry = entry with { Steps = Math.Max(entry.Steps, before.Steps) };
            _entries[(spending.DataSha256, spending.Run)] = entry;
            return others;
        }
    }
}
