using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Node;
using Cluster.Worker.Telemetry;

namespace Cluster.Worker.Sources;

/// <summary>
/// Fetches the data source of one job from its coordinator, a few blocks at a time, and ends. What does not come is asked for
/// again; a coordinator that takes the job over is asked for what is still missing, if its source is the same.
/// </summary>
internal sealed class SourceFetchActor : ReceiveActor, IWithTimers
{
    /// <summary>After how long without a block the missing ones are asked for again.</summary>
    public static readonly TimeSpan RepeatTick = TimeSpan.FromSeconds(1);

    private readonly HashSet<IActorRef> _askers = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SourceCache _cache;
    private readonly IComputePool _compute;
    private readonly TimeSpan _patience;
    private readonly ActorPlaces _places = new(VectorExchange.Get(Context.System), Context);
    private readonly Dictionary<SourceBlock, VectorHandle> _coming = [];
    private FetchSource? _fetch;
    private IActorRef _source = ActorRefs.Nobody;
    private ImmutableArray<SourceFile> _files = [];
    private SourceTransfer? _transfer;
    private bool _finishing;
    private int _quietTicks;

    public SourceFetchActor(WorkerOptions options, IComputePool compute)
    {
        _cache = new SourceCache(options.Worker, options.Storage.Folder, options.Storage.FolderBytesMax);
        _compute = compute;
        _patience = options.OrphanTimeout;
        Receive<FetchSource>(OnFetch);
        Receive<SourceDescribed>(OnDescribed);
        Receive<SourceRefused>(refused => End(new SourceNotFetched($"the coordinator's data source: {refused.Reason}")));
        Receive<Begun>(OnBegun);
        Receive<SourceRead>(OnRead);
        Receive<BlockStored>(OnStored);
        Receive<DiskFailed>(failed => End(new SourceNotFetched(failed.Reason)));
        Receive<Retry>(_ => { });       // the pool was full: the next tick asks again
        Receive<SourceFetched>(End);
        Receive<Tick>(_ => OnTick());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props CreateProps(WorkerOptions options, IComputePool compute) => Props.Create(() => new SourceFetchActor(options, compute));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, RepeatTick);

    protected override void PostStop()
    {
        foreach (VectorHandle handle in _coming.Values) _ = _places.Forget(handle);
        base.PostStop();
    }

    private void OnFetch(FetchSource fetch)
    {
        _askers.Add(Sender);
        bool newer = _fetch is null || (fetch.Incarnation >= _fetch.Incarnation && !fetch.Coordinator.Equals(_fetch.Coordinator));
        if (!newer) return;
        _fetch = fetch;
        Describe();
    }

    private void Describe() => _fetch!.Coordinator.Tell(new DescribeSource(_fetch.Job));

    private void OnDescribed(SourceDescribed described)
    {
        _source = Sender;
        _quietTicks = 0;
        if (_files.IsEmpty)
        {
            _files = described.Files;
            Begin();
        }
        else if (!_files.SequenceEqual(described.Files))
            End(new SourceNotFetched("the coordinator's data source: wanted the files that the transfer began with, got others; put them back, or submit the job again"));
        else if (_transfer is null) Begin();
        else Ask(_transfer.Missing);
    }

    private void Begin() => Run(() => _cache.Find(_files) is { } folder ? new SourceFetched(folder) : new Begun(_cache.Begin(_files)));

    private void OnBegun(Begun begun)
    {
        if (begun.Failure is { } failure)
        {
            End(new SourceNotFetched(failure));
            return;
        }
        if (_transfer is not null) return;
        _log.SourceFetchBegun(_fetch!.Job, _files.Length, _files.Sum(file => file.Length));
        _transfer = new SourceTransfer(_files);
        Advance();
    }

    private void OnRead(SourceRead read)
    {
        if (_transfer?.OnRead(read) != true) return;
        SourceBlock block = new(read.File, read.Offset);
        if (read.Block.IsElsewhere)
        {
            Expect(block, read);
            return;
        }
        if (_coming.Remove(block, out VectorHandle? other) && other != read.Block.Handle) _ = _places.Forget(other);
        _compute.Run<object>(() => new BlockStored(block, _cache.Store(_files, read))).PipeTo(
            Self, failure: failure => IsPoolFull(failure) ? new BlockStored(block, Sound: false) : new DiskFailed(failure.Message));
    }

    private void Expect(SourceBlock block, SourceRead read)
    {
        if (_coming.Remove(block, out VectorHandle? before)) _ = _places.Forget(before);
        byte[] place = new byte[read.Block.Length];
        if (_places.Expect(read.Block.Handle!, place, read with { Block = read.Block with { Bytes = place } })) _coming[block] = read.Block.Handle!;
    }

    private void OnStored(BlockStored stored)
    {
        if (stored.Sound)
        {
            _quietTicks = 0;
            _transfer!.OnStored(stored.Block);
        }
        else
        {
            _log.SourceBlockRefused(_fetch!.Job, _files[stored.Block.File].Name, stored.Block.Offset);
            _transfer!.OnNotStored(stored.Block);
        }
        Advance();
    }

    private void Advance()
    {
        Ask(_transfer!.AskNext());
        if (!_transfer.IsComplete || _finishing) return;
        _finishing = true;
        Run(() => _cache.Finish(_files) is { } failure ? new DiskFailed(failure) : new SourceFetched(_cache.Find(_files)!));
    }

    private void OnTick()
    {
        _quietTicks++;
        if (_quietTicks * RepeatTick > _patience)
            End(new SourceNotFetched($"the coordinator's data source: wanted an answer, got none for {_patience}; see whether the coordinator runs"));
        else if (_transfer is null) Describe();
        else if (_transfer.IsComplete)
        {
            _finishing = false;     // the pool was full
            Advance();
        }
        else if (_quietTicks > 1) Ask([.. _transfer.Missing]);
    }

    private void Ask(IEnumerable<SourceBlock> blocks)
    {
        foreach (SourceBlock block in blocks) _source.Tell(new ReadSource(_fetch!.Job, block.File, block.Offset));
    }

    private void Run(Func<object> work) => _compute.Run(work).PipeTo(
        Self, failure: failure => IsPoolFull(failure) ? Retry.Instance : new DiskFailed(failure.Message));

    private static bool IsPoolFull(Exception failure) => failure is ComputeRefusedException or OperationCanceledException;

    private void End(object outcome)
    {
        foreach (IActorRef asker in _askers) asker.Tell(outcome);
        if (outcome is SourceNotFetched && !_files.IsEmpty) _ = _compute.Run(() => Abandoned(_files));
        Context.Stop(Self);
    }

    private bool Abandoned(ImmutableArray<SourceFile> files)
    {
        _cache.Abandon(files);
        return true;
    }

    private sealed record Begun(string? Failure) : INoSerializationVerificationNeeded;

    private sealed record BlockStored(SourceBlock Block, bool Sound) : INoSerializationVerificationNeeded;

    private sealed record DiskFailed(string Reason) : INoSerializationVerificationNeeded;

    private sealed record Retry
    {
        public static readonly Retry Instance = new();
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
