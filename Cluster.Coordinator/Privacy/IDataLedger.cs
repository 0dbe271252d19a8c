using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Privacy;

/// <summary>What all private runs have spent of each set of data, whatever it was called and wherever the runs were kept.</summary>
internal interface IDataLedger
{
    /// <summary>Enters what a run is about to spend, before any of its noise is used. Entering it again changes nothing.</summary>
    /// <returns>What all other runs have spent of the same data.</returns>
    /// <exception cref="Ml.Data.BadInputException">The run could not end within its budget; nothing is entered.</exception>
    /// <exception cref="Checkpoints.StorageException">The ledger cannot be read or written.</exception>
    IReadOnlyList<PrivacyEntry> Enter(DataSpending spending);
}
