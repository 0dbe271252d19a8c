using System.Collections.Concurrent;
using Cluster.Coordinator.Authority;
using Cluster.Coordinator.ParameterServer;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Jobs;

/// <summary>Keeps models in memory: the disk of a simulation.</summary>
internal sealed class MemoryModelStore : IModelStore
{
    private readonly ConcurrentDictionary<string, byte[]> _models = [];

    /// <summary>The state of the model in a run directory, or null.</summary>
    public byte[]? Find(string runDirectory) => _models.GetValueOrDefault(runDirectory);

    /// <summary>Told the directory and token of every accepted write; null for none.</summary>
    public Action<string, long>? Observer { get; init; }

    /// <summary>Whether tokens are checked; only a simulation that looks for the consequences says no.</summary>
    public bool ChecksTokens { get; init; } = true;

    public IModelStore Under(WriteAuthority authority) => new Fenced(this, authority);

    public ModelPart Read(string runDirectory, long offset, int bytesMax)
    {
        byte[] model = Find(runDirectory) ?? throw new FileNotFoundException($"{runDirectory}: wanted a model, got none.");
        int start = (int)Math.Clamp(offset, 0, model.Length);
        return new ModelPart(model.Length, [.. model.AsSpan(start, Math.Min(bytesMax, model.Length - start))]);
    }

    public ModelStored Write(JobContext job, JobRecord record, NumericBuffer state)
    {
        _models[job.RunDirectory] = state.Bytes.ToArray();
        return new ModelStored($"{job.RunDirectory}/model", TrainedModel.HashOf(state.Bytes));
    }

    private sealed class Fenced(MemoryModelStore disk, WriteAuthority authority) : IModelStore
    {
        public IModelStore Under(WriteAuthority other) => disk.Under(other);

        public ModelPart Read(string runDirectory, long offset, int bytesMax) => disk.Read(runDirectory, offset, bytesMax);

        public ModelStored Write(JobContext job, JobRecord record, NumericBuffer state)
        {
            if (disk.ChecksTokens) authority.Require(job.RunDirectory);
            disk.Observer?.Invoke(job.RunDirectory, authority.Token);
            return disk.Write(job, record, state);
        }
    }
}
