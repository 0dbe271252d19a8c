using System.Runtime.InteropServices;
using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Database;
using Cluster.Coordinator.ParameterServer;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// Models in the journal's database, so that they outlive the machine that wrote them, and as files in the run directory of that
/// machine, for people.
/// </summary>
internal sealed class DatabaseModelStore(CoordinatorDatabase database, WriteAuthority? authority = null) : IModelStore
{
    private readonly StoredObjects _objects = new(database, "model");
    private readonly FileModelStore _files = new(authority);

    public IModelStore Under(WriteAuthority authority) => new DatabaseModelStore(database, authority);

    public ModelStored Write(JobContext job, JobRecord record, NumericBuffer state)
    {
        ModelStored stored = _files.Write(job, record, state);
        _objects.Write(job.RunDirectory, 0, 1, authority ?? WriteAuthority.Unchallenged, blocks =>
        {
            using FileStream file = File.OpenRead(stored.Path);
            file.CopyTo(blocks);
        });
        return stored;
    }

    public ModelPart Read(string runDirectory, long offset, int bytesMax)
    {
        try
        {
            (long length, byte[] part) = _objects.ReadPart(runDirectory, 0, offset, bytesMax);
            return new ModelPart(length, ImmutableCollectionsMarshal.AsImmutableArray(part));
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or StorageException)
        {
            throw new IOException($"{_objects.NameOf(runDirectory, 0)}: {unreadable.Message}", unreadable);
        }
    }
}
