using Cluster.Messages;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Compression;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;
using Cluster.Worker.Data;
using Cluster.Worker.Shards;

namespace Cluster.Worker.Training;

/// <summary>A job on this worker: its shards, the state being gathered, and the decisions of <see cref="JobRounds"/>.</summary>
internal sealed class HostedJob
{
    private readonly StateAssembly _assembly;
    private readonly VectorOffers _offers;
    private readonly NumericBufferPool _buffers;
    private readonly WorkerRules _rules;
    private readonly IActorRef?[] _shards;
    private readonly ShardSampler?[] _samplers;     // this job's own: a shard that was closed and opened again brings another job
    private readonly Residual?[] _residuals;        // what the micro-batches that are here have left out, if the learner carries it
    private NumericBuffer? _state;
    private SamplingKey? _sampling;
    private bool _ownsState;   // the state is our copy of what came from another process

    public HostedJob(JobId job, JobDataSet set, NumericBufferPool buffers, WorkerRules? rules = null, VectorExchange? vectors = null, IVectorPlaces? places = null)
    {
        Job = job;
        Set = set;
        _assembly = new StateAssembly(set, buffers, places);
        _offers = new VectorOffers(vectors);
        Rounds = new JobRounds(set.ShardCount);
        _buffers = buffers;
        _rules = rules ?? WorkerRules.Default;
        _shards = new IActorRef?[set.ShardCount];
        _samplers = new ShardSampler?[set.ShardCount];
        _residuals = new Residual?[set.ShardCount];
    }

    public JobId Job { get; }

    public JobDataSet Set { get; }

    public JobRounds Rounds { get; }

    /// <summary>The actor to report to; none while it is lost.</summary>
    public IActorRef ParameterServer { get; set; } = ActorRefs.Nobody;

    /// <summary>The data shards that are here.</summary>
    public IEnumerable<IActorRef> DataShards => _shards.OfType<IActorRef>();

    /// <summary>A shard is here. Says whether the parameter server must be told what is hosted.</summary>
    public bool OnShardReady(ShardReady ready)
    {
        _shards[ready.Shard] = ready.DataShard;
        return Rounds.OnShardReady(ready.Shard, ready.Incarnation);
    }

    /// <summary>A shard has left, unless another life of it has come in between. Says whether the parameter server must be told.</summary>
    public bool OnShardStopped(ShardStopped stopped)
    {
        if (_shards[stopped.Shard] is not { } hosted || !hosted.Equals(stopped.DataShard)) return false;
        _shards[stopped.Shard] = null;
        (_residuals[stopped.Shard], _samplers[stopped.Shard]) = (null, null);      // its rows, too, where nobody else holds them
        return Rounds.OnShardStopped(stopped.Shard);
    }

    /// <summary>Takes the published state, or a range of it, or a handle. Returns what is wrong with it, or null.</summary>
    public string? OnState(PublishState publish, IActorRef publisher)
    {
        StateVerdict verdict = Rounds.OnState(publish.Round);
        if (verdict is not (StateVerdict.Opens or StateVerdict.Continues)) return null;
        if (verdict == StateVerdict.Opens) _offers.Withdraw();
        if (verdict == StateVerdict.Opens && _assembly.Begin(publish.Range.Count) is { } misfit) return misfit;
        if (verdict == StateVerdict.Opens) _sampling = publish.Sampling is { } key ? SamplingKey.FromBytes(key.Span) : null;
        if (_assembly.Add(publish, publisher) is { } failure) return failure;
        if (!_assembly.IsComplete) return null;
        TakeState();
        Rounds.OnStateWhole();
        return null;
    }

    /// <summary>Micro-batches that are wanted now, and cannot be computed here: what their earlier steps left out is not here.</summary>
    public ImmutableArray<int> SetAsideLost()
    {
        if (IFeedback.Of(Set.Learner) is not { } feedback || Rounds.Round.Purpose != RoundPurpose.Train) return [];
        long step = Rounds.Round.Step;
        return feedback.Begins(Set.StepOf(Rounds.Round)) ? [] : Rounds.SetAside(shard => !ResidualOf(feedback, shard).Has(step));
    }

    /// <summary>
    /// A sum of the newest round as messages with their receivers: as a whole to the parameter server, or cut into the parts of
    /// the servers that published the state and what is common to all. The sum is given away: to a receiver of this process, or back to
    /// the pool once it has left for another.
    /// </summary>
    public IEnumerable<(IActorRef Target, PushContribution Push)> MessagesOf(SubtreeComputation computation, NumericBuffer sum, WorkerId worker)
    {
        if (_assembly.Ranges.Count == 0 || computation.Round.Purpose != RoundPurpose.Train)
        {
            yield return (ParameterServer, Offered(ParameterServer, computation.MessageOf(sum, worker)));
            yield break;
        }
        IRangedLearner learner = (IRangedLearner)Set.Learner;
        foreach (ParameterRange range in _assembly.Ranges)
        {
            NumericBuffer part = PartOf(sum, range.Sum);
            IActorRef server = _assembly.PublisherOf(range.Index);
            yield return (server, Offered(server, computation.MessageOfPart(part, worker, new RangeId(range.Index, range.Count))));
        }
        NumericBuffer common = PartOf(sum, new Slice(learner.RangedLength, learner.CommonLength));
        yield return (ParameterServer, Offered(ParameterServer, computation.MessageOfPart(common, worker, RangeId.Whole)));
        _buffers.Return(sum);
    }

    /// <summary>What to compute now.</summary>
    public IReadOnlyList<SubtreeComputation> NextComputations(int threads)
    {
        IReadOnlyList<PlannedSubtree> plan = Rounds.NextPlan(threads);
        if (plan.Count == 0) return [];
        SubtreeComputation[] computations = new SubtreeComputation[plan.Count];
        for (int i = 0; i < computations.Length; i++)
            computations[i] = new SubtreeComputation(this, Set, SamplersOf(plan[i]), ResidualsOf(plan[i]), Rounds.Round, _state!, plan[i], _buffers, _sampling);
        return computations;
    }

    // A shard of another worker is computed here, too, if that worker is late: this set has the rows of all shards.
    private ShardSampler[] SamplersOf(PlannedSubtree planned)
    {
        ShardSampler[] samplers = new ShardSampler[planned.Subtree.Count];
        for (int i = 0; i < samplers.Length; i++)
        {
            int shard = planned.Subtree.First + i;
            samplers[i] = _samplers[shard] ??= Set.Batches.CreateSampler(Set.Shard(shard).Training);
        }
        return samplers;
    }

    private Residual[]? ResidualsOf(PlannedSubtree planned)
    {
        if (IFeedback.Of(Set.Learner) is not { } feedback || Rounds.Round.Purpose != RoundPurpose.Train) return null;
        Residual[] residuals = new Residual[planned.Subtree.Count];
        for (int i = 0; i < residuals.Length; i++) residuals[i] = ResidualOf(feedback, planned.Subtree.First + i);
        return residuals;
    }

    private Residual ResidualOf(FeedbackPlan feedback, int shard) => _residuals[shard] ??= _rules.Residual(feedback);

    /// <summary>The job is not hosted any more: nothing that is on its way is wanted, here or there.</summary>
    public void Forget()
    {
        _assembly.Forget();
        _offers.Withdraw();
    }

    private PushContribution Offered(IActorRef target, PushContribution push) => push with
    {
        Sum = _offers.Offer(target, push.Round, push.Sum, push.Subtree, () => _buffers.ReturnBytes((NumberKind)push.Sum.Kind, push.Sum.Bytes)),
    };

    // A state of this node's own may still be computed with while the next one comes: it is given back only in between.
    private void TakeState()
    {
        if (_ownsState && !Rounds.IsComputing) _buffers.Return(_state!);
        (_state, _ownsState) = _assembly.Take();
    }

    // Each receiver owns what it gets and gives it back to a pool by itself, which parts of one buffer could not be.
    private NumericBuffer PartOf(NumericBuffer sum, Slice slice)
    {
        NumericBuffer part = _buffers.Rent(sum.Kind, slice.Length);
        sum.Floats.Slice(slice.Start, slice.Length).CopyTo(part.Floats);
        return part;
    }
}
