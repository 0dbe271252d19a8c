using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>
/// Reads the job's data source out to worker nodes that do not see it. It keeps nothing about them: each asks for the
/// blocks that it lacks, no more at once than it can take.
/// </summary>
internal sealed class DataSourceActor : ReceiveActor
{
    private readonly HashSet<IActorRef> _askers = [];
    private readonly JobId _job;
    private readonly DataSource _source;
    private readonly IComputePool _compute;
    private readonly VectorExchange _vectors = VectorExchange.Get(Context.System);
    private ImmutableArray<SourceFile> _files = [];

    public DataSourceActor(JobId job, DataSource source, IComputePool compute)
    {
        _job = job;
        _source = source;
        _compute = compute;
        Receive<DescribeSource>(_ => OnDescribe());
        Receive<SourceDescribed>(OnDescribed);
        Receive<Unreadable>(OnUnreadable);
        Receive<ReadSource>(OnRead);
    }

    public static Props PropsOf(JobId job, DataSource source, IComputePool compute) =>
        Props.Create(() => new DataSourceActor(job, source, compute));

    private void OnDescribe()
    {
        if (!_files.IsEmpty)
        {
            Sender.Tell(new SourceDescribed(_job, _files));
            return;
        }
        _askers.Add(Sender);
        if (_askers.Count > 1) return;      // the files are being read already
        _compute.Run(() => new SourceDescribed(_job, _source.Describe())).PipeTo(Self, failure: failure => new Unreadable(failure));
    }

    private void OnDescribed(SourceDescribed described)
    {
        _files = described.Files;
        foreach (IActorRef asker in _askers) asker.Tell(described);
        _askers.Clear();
    }

    private void OnUnreadable(Unreadable failed)
    {
        if (failed.Reason is IOException or UnauthorizedAccessException)
            foreach (IActorRef asker in _askers) asker.Tell(new SourceRefused(_job, failed.Reason.Message));
        _askers.Clear();        // where the pool was full, they ask again
    }

    private void OnRead(ReadSource wanted)
    {
        IActorRef asker = Sender;
        if (wanted.File < 0 || wanted.File >= _files.Length || wanted.Offset < 0 || wanted.Offset >= _files[wanted.File].Length || wanted.Offset % Limits.SourceBlockBytes != 0) return;
        _compute.Run(() => Offered(_source.Read(wanted), asker)).PipeTo(
            asker, Self, failure: failure => new SourceRefused(_job, $"{_files[wanted.File].Name}: {failure.Message}"));
    }

    // Each answer is a separate vector: a repeated request is read again.
    private SourceRead Offered(SourceRead read, IActorRef asker) => read with { Block = _vectors.Offer(asker, new VectorKey(_vectors.NextStream(), 0, 0), read.Block) };

    private sealed record Unreadable(Exception Reason) : INoSerializationVerificationNeeded;
}
