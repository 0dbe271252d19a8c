using Cluster.Coordinator.Jobs;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;
using Cluster.Ml.Privacy;
using Cluster.Worker.Data;

namespace Cluster.Coordinator.Local;

/// <summary>Looks at a job, its data and its learner as the coordinator will, before anything of an earlier run is touched.</summary>
internal static class JobPreview
{
    /// <summary>Reads all that the job needs. The data stays read for the cluster of this process.</summary>
    /// <exception cref="BadInputException">Something about it is wrong.</exception>
    public static void Require(JobSpec spec, RowStorage storage)
    {
        SubmitJob submit = new(new JobId(spec.Name), spec.Text, spec.BaseDirectory, "", Tasks: null, spec.Priority, spec.Training.Servers);
        PrivacySecret unused = PrivacySecret.Draw();      // no step is taken
        JobContext.Load(submit, (read, _) => Told(DataSetCache.Shared.Open(read.Text, read.Name, read.BaseDirectory, storage).Rows, storage), unused);
    }

    /// <summary>The data of a job: as they stay read once they were looked at, or read anew.</summary>
    /// <exception cref="BadInputException">They cannot be read any more.</exception>
    public static PreparedData Data(JobSpec spec, RowStorage storage) =>
        DataSetCache.Shared.Open(spec.Text, spec.Name, spec.BaseDirectory, storage).Rows;

    private static PreparedData Told(PreparedData rows, RowStorage storage)
    {
        if (rows.DroppedRows > 0) storage.Warn?.Invoke($"Rows with missing values: {rows.DroppedRows} are left out, as data.missing says.");
        return rows;
    }
}
