using System.Collections.Concurrent;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Tests;

/// <summary>
/// Shard region, data shards and workers in one actor: hosts every shard that is opened and computes at once, on the
/// actor's own thread. What it sends can be spoiled, so that the coordinator's side is tested by itself.
/// </summary>
internal sealed class InlineWorker : ReceiveActor
{
    private readonly Func<PushContribution, int, IEnumerable<PushContribution>> _send;
    private readonly SortedSet<int> _shards = [];
    private ReadOnlyMemory<byte>? _state;
    private RoundId _round = new(-1, -1, RoundPurpose.Train, 0, 0);
    private OpenShard? _open;
    private JobSpec? _spec;
    private PreparedData? _data;
    private ILearner? _learner;
    private IContributor? _contributor;
    private ShardSampler[] _samplers = [];
    private PublishState? _wanted;
    private KeyBytes? _sampling;
    private int _sent;

    /// <param name="send">What is sent in the place of a contribution, given how many came before it.</param>
    /// <param name="standsIn">Whether it computes what it does not hold, when it is asked to.</param>
    /// <param name="heard">Gets what came from the parameter server; null if nobody wants it.</param>
    public InlineWorker(Func<PushContribution, int, IEnumerable<PushContribution>> send, bool standsIn, ConcurrentQueue<object>? heard)
    {
        if (standsIn) Receive<RequestContribution>(OnRequest);
        _send = send;
        Receive<OpenShard>(open =>
        {
            heard?.Enqueue(open);
            OnOpen(open);
        });
        Receive<PublishState>(publish =>
        {
            heard?.Enqueue(publish with { State = publish.State with { Bytes = publish.State.Bytes.ToArray() } });
            OnState(publish);
        });
        Receive<AnswerNow>(_ => Answer());
        Receive<CloseJob>(_ => _shards.Clear());
    }

    public static Props PropsOf(
        Func<PushContribution, int, IEnumerable<PushContribution>>? send = null, bool standsIn = false, ConcurrentQueue<object>? heard = null)
    {
        send ??= static (push, _) => [push];
        return Props.Create(() => new InlineWorker(send, standsIn, heard));
    }

    private void OnOpen(OpenShard open)
    {
        if (_open is null || _open.JobText != open.JobText) Load(open);
        _open = open;
        _shards.Add(open.Shard);
        open.ParameterServer.Tell(new ShardsHosted(open.Job, new WorkerId(Self.Path.Name), Self, [.. _shards], open.Incarnation));
    }

    private void Load(OpenShard open)
    {
        _spec = JobFile.Parse(open.JobText, "job.yaml", open.BaseDirectory);
        _data = PreparedData.Load(_spec, Learners.NumbersFor(_spec));
        _learner = Learners.Create(_spec, _data.Shape);
        _contributor = _learner.CreateContributor();
        BatchPlan plan = BatchPlan.For(_spec, _data.Shape.TrainingExamples, _learner.FullBatch);
        _samplers = [.. Enumerable.Range(0, open.ShardCount).Select(shard => plan.CreateSampler(_data.Shard(shard, open.ShardCount)))];
    }

    private void OnState(PublishState publish)
    {
        _round = publish.Round;
        _sampling = publish.Sampling;
        _state = publish.State.Bytes;
        if (_wanted is null) Self.Tell(new AnswerNow());
        _wanted = publish;
    }

    private void OnRequest(RequestContribution request)
    {
        if (request.Round != _round || _state is null || request.Shards.All(_shards.Contains)) return;
        bool[] wanted = new bool[_open!.ShardCount];
        foreach (int shard in request.Shards) wanted[shard] = true;
        Answer(request.Job, wanted);
    }

    /// <summary>However often a round was asked for meanwhile, it is computed once.</summary>
    private void Answer()
    {
        PublishState publish = _wanted!;
        _wanted = null;
        if (publish.Round != _round) return;
        bool[] held = new bool[_open!.ShardCount];
        foreach (int shard in _shards) held[shard] = true;
        Answer(publish.Job, held);
    }

    private void Answer(JobId job, bool[] shards)
    {
        List<Subtree> cover = [];
        Subtree.Cover(shards, cover);
        NumericBuffer state = NumericBuffer.Over(_learner!.Numbers, _state!.Value);
        foreach (Subtree subtree in cover) Send(job, subtree, Compute(_round, state, subtree));
    }

    private NumericBuffer Compute(RoundId round, NumericBuffer state, Subtree subtree)
    {
        if (round.Purpose != RoundPurpose.Train)
        {
            NumericBuffer sums = new(NumberKind.Float64, _learner!.EvaluationLength);
            EvaluationPlan.Measure(_learner, _contributor!, state, RowsOf(round.Purpose), subtree, _open!.ShardCount, sums);
            return sums;
        }
        long stepsPerEpoch = BatchPlan.For(_spec!, _data!.Shape.TrainingExamples, _learner!.FullBatch).StepsPerEpoch;
        StepContext step = new(round.Step, round.Epoch, stepsPerEpoch);
        SamplingKey? key = _sampling is { } sampling ? SamplingKey.FromBytes(sampling.Span) : null;
        MicroBatch[] batches = [.. Enumerable.Range(subtree.First, subtree.Count)
            .Select(shard => _samplers[shard].MicroBatch(round.Epoch, round.Step - (round.Epoch * stepsPerEpoch), key))];
        NumericBuffer contribution = NumericBufferPool.Shared.Rent(_learner.Numbers, _learner.ContributionLength);
        _contributor!.Contribute(state, batches, contribution, step);
        return contribution;
    }

    private RowRange RowsOf(RoundPurpose purpose) => purpose switch
    {
        RoundPurpose.EvaluateTraining => _data!.Training,
        RoundPurpose.EvaluateValidation => _data!.Validation,
        _ => _data!.Test,
    };

    private void Send(JobId job, Subtree subtree, NumericBuffer sum)
    {
        PushContribution push = new(
            job, _round, new WorkerId(Self.Path.Name), new SubtreeId(subtree.First, subtree.Count),
            RangeId.Whole, new TensorPayload((PayloadKind)sum.Kind, sum.Memory));
        foreach (PushContribution sent in _send(push, _sent++)) _open!.ParameterServer.Tell(sent);
    }

    private sealed record AnswerNow;
}
