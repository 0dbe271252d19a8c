using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;
using Cluster.Worker.Data;
using Cluster.Worker.Ranges;
using Cluster.Worker.Training;

namespace Cluster.Worker.Tests.Ranges;

public sealed class RangeServerActorTests : ActorTestKit
{
    private static readonly JobDataSet Set = Some.DataSet(Some.JobText
        .Replace("{ kind: softmax }", "{ kind: mlp, layers: [ { dense: 600, activation: tanh } ] }", StringComparison.Ordinal)
        .Replace("{ sgd: { rate: 0.1 } }", "{ adam: { rate: 0.1 } }\n  clip-norm: 0.5", StringComparison.Ordinal));

    private static readonly IRangedLearner Learner = (IRangedLearner)Set.Learner;
    private static readonly RangeId Second = new(1, 3);
    private static readonly ParameterRange Range = Set.RangesOf(3)![1];
    private readonly NumericBufferPool _buffers = new();

    [Fact]
    public void It_takes_its_part_of_the_step_only_when_it_is_told_the_scale_and_then_publishes_the_new_state()
    {
        (TestProbe root, TestProbe worker, IActorRef server) = Filled();
        float[] kept = Kept(), sum = PushAll(server, Moment(1));
        RangeGathered gathered = root.ExpectMsg<RangeGathered>();
        gathered.Missing.ShouldBeEmpty();
        gathered.Squares.Floats.ToArray().ShouldBe(Squares(sum));
        worker.ExpectMsg<PublishState>().State.Floats.ToArray().ShouldBe(kept[..Range.State.Length]);

        server.Tell(new OpenRangeRound(Some.Job, Second, Moment(2, step: 1), 0.25, [worker.Ref]), root.Ref);

        TakeStep(kept, sum);
        PublishState published = worker.ExpectMsg<PublishState>();
        published.Range.ShouldBe(Second);
        published.Round.Step.ShouldBe(1);
        published.State.Floats.ToArray().ShouldBe(kept[..Range.State.Length]);
    }

    [Fact]
    public void A_step_that_is_ordered_twice_is_taken_once_and_what_is_collected_is_state_and_memory()
    {
        (TestProbe root, _, IActorRef server) = Filled();
        float[] kept = Kept(), sum = PushAll(server, Moment(1));
        root.ExpectMsg<RangeGathered>();
        for (int i = 0; i < 3; i++) server.Tell(new OpenRangeRound(Some.Job, Second, Moment(2, step: 1), 0.25, []), root.Ref);
        for (int i = 0; i < 2; i++) root.ExpectMsg<RangeGathered>().Missing.ShouldBe([0, 1, 2, 3], "asked again, it says what is missing");

        server.Tell(new CollectRange(Some.Job, Second, Moment(3, step: 1), 0.25), root.Ref);

        TakeStep(kept, sum);
        RangeCollected collected = root.ExpectMsg<RangeCollected>();
        collected.Moment.ShouldBe(Moment(3, step: 1));
        collected.Numbers.Floats.ToArray().ShouldBe(kept);
    }

    [Fact]
    public void A_part_that_comes_twice_counts_once_and_parts_of_another_range_or_round_not_at_all()
    {
        (TestProbe root, _, IActorRef server) = Filled();
        server.Tell(Part(Moment(1), 0, 9));
        server.Tell(Part(Moment(1), 0, 9));
        server.Tell(Part(Moment(1), 1, 9) with { Range = new RangeId(0, 3) });
        server.Tell(Part(Moment(0), 2, 9));

        server.Tell(new OpenRangeRound(Some.Job, Second, Moment(1), null, []), root.Ref);

        root.ExpectMsg<RangeGathered>().Missing.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_part_counts_only_from_a_node_that_the_state_was_published_to_and_under_few_names()
    {
        TestProbe root = CreateTestProbe();
        IActorRef server = Sys.ActorOf(RangeServerActor.PropsOf(new OpenRange(Some.Job, Second, root.Ref, 1), Set, _buffers, WorkerRules.Default)!);
        root.ExpectMsg<RangeHosted>();
        Fill(server, root, Moment(0));
        root.ExpectMsg<RangeHosted>();
        server.Tell(new OpenRangeRound(Some.Job, Second, Moment(1), null, []), root.Ref);
        server.Tell(Part(Moment(1), 0, 9));
        server.Tell(new OpenRangeRound(Some.Job, Second, Moment(1), null, []), root.Ref);
        root.ExpectMsg<RangeGathered>().Missing.ShouldBe([0, 1, 2, 3], "nobody was asked");

        server.Tell(new OpenRangeRound(Some.Job, Second, Moment(1), null, [CreateTestProbe().Ref]), root.Ref);
        for (int i = 0; i < 100; i++) server.Tell(Part(Moment(1), 0, 9) with { Worker = new WorkerId($"invented-{i}"), Subtree = new SubtreeId(0, 3) });
        server.Tell(Part(Moment(1), 0, 9) with { Worker = new WorkerId("one too many") });
        server.Tell(Part(Moment(1), 1, 9) with { Worker = new WorkerId("invented-0") });
        server.Tell(new OpenRangeRound(Some.Job, Second, Moment(1), null, []), root.Ref);

        root.ExpectMsg<RangeGathered>();
        root.ExpectMsg<RangeGathered>().Missing.ShouldBe([0, 2, 3]);
    }

    [Fact]
    public void Filled_anew_it_stands_at_the_step_of_the_filling_and_older_orders_are_nothing_to_it()
    {
        (TestProbe root, TestProbe worker, IActorRef server) = Filled();
        worker.ExpectMsg<PublishState>();
        Fill(server, root, Moment(5, step: 7));
        root.ExpectMsg<RangeHosted>().Filled.ShouldBe(5);

        server.Tell(new OpenRangeRound(Some.Job, Second, Moment(4, step: 1), 0.25, [worker.Ref]), root.Ref);
        server.Tell(new CollectRange(Some.Job, Second, Moment(6, step: 8), 0.25), root.Ref);      // it has gathered nothing to step with
        server.Tell(new OpenRangeRound(Some.Job, Second, Moment(7, step: 7), null, [worker.Ref]), root.Ref);

        worker.ExpectMsg<PublishState>().Round.Ordinal.ShouldBe(7);
        server.Tell(new OpenRangeRound(Some.Job, Second, Moment(7, step: 7), null, []), root.Ref);
        root.ExpectMsg<RangeGathered>().Round.Ordinal.ShouldBe(7);
    }

    [Fact]
    public void A_number_that_is_not_finite_is_told_as_often_as_it_is_asked()
    {
        (TestProbe root, _, IActorRef server) = Filled();
        for (int leaf = 0; leaf < Some.Shards; leaf++) server.Tell(Part(Moment(1), leaf, float.MaxValue));
        root.ExpectMsg<RangeGathered>();

        for (int i = 0; i < 2; i++)
        {
            server.Tell(new OpenRangeRound(Some.Job, Second, Moment(2, step: 1), 1, []), root.Ref);
            RangeFailed failed = root.ExpectMsg<RangeFailed>();
            failed.Diverged.ShouldBeTrue();
            failed.Reason.ShouldContain("step 0");
        }
    }

    [Fact]
    public void It_ends_with_its_parameter_server()
    {
        (TestProbe root, _, IActorRef server) = Filled();
        TestProbe watcher = CreateTestProbe();
        watcher.Watch(server);

        Sys.Stop(root.Ref);

        watcher.ExpectMsg<Terminated>().ActorRef.ShouldBe(server);
    }

    private (TestProbe Root, TestProbe Worker, IActorRef Server) Filled()
    {
        TestProbe root = CreateTestProbe(), worker = CreateTestProbe();
        IActorRef server = Sys.ActorOf(RangeServerActor.PropsOf(new OpenRange(Some.Job, Second, root.Ref, 1), Set, _buffers, WorkerRules.Default)!);
        root.ExpectMsg<RangeHosted>().Filled.ShouldBe(-1);
        Fill(server, root, Moment(0));
        RangeHosted filled = root.ExpectMsg<RangeHosted>();
        filled.Filled.ShouldBe(0);
        filled.Server.ShouldBe(server);
        server.Tell(new OpenRangeRound(Some.Job, Second, Moment(1), null, [worker.Ref]), root.Ref);
        return (root, worker, server);
    }

    private static void Fill(IActorRef server, TestProbe root, RoundId moment)
    {
        NumericBuffer kept = Of(Kept());
        server.Tell(new FillRange(Some.Job, Second, moment, new TensorPayload(PayloadKind.Float32, kept.Memory)), root.Ref);
    }

    /// <summary>Sends every micro-batch's part; their sum in the tree.</summary>
    private static float[] PushAll(IActorRef server, RoundId round)
    {
        for (int leaf = 0; leaf < Some.Shards; leaf++) server.Tell(Part(round, leaf, leaf + 1));
        return [.. Enumerable.Repeat(10f, Range.Sum.Length)];
    }

    private static PushContribution Part(RoundId round, int leaf, float value)
    {
        NumericBuffer part = new(NumberKind.Float32, Range.Sum.Length);
        part.Floats.Fill(value);
        return new PushContribution(
            Some.Job, round, Some.Worker, new SubtreeId(leaf, 1), Second, new TensorPayload(PayloadKind.Float32, part.Memory));
    }

    /// <summary>What the server is to do with what it keeps: the first step, with the sum times 0.25.</summary>
    private static void TakeStep(float[] kept, float[] sum)
    {
        int numbers = Range.State.Length;
        UpdateBuffers buffers = new(Of(kept.AsSpan(0, numbers)), new NumericBuffer(NumberKind.Float32, numbers), Of(kept.AsSpan(numbers)), Of(sum));
        Learner.UpdateRange(Range, buffers, 0.25, new StepContext(0, 0, Set.Batches.StepsPerEpoch), PartsInTurn.Instance);
        buffers.After.Floats.CopyTo(kept);
        buffers.OptimizerState.Floats.CopyTo(kept.AsSpan(numbers));
    }

    private static NumericBuffer Of(ReadOnlySpan<float> numbers)
    {
        NumericBuffer buffer = new(NumberKind.Float32, numbers.Length);
        numbers.CopyTo(buffer.Floats);
        return buffer;
    }

    private static float[] Kept()
    {
        float[] kept = new float[Range.KeptLength];
        Philox.FillUniform(kept, 5, RandomPurpose.Augment, 1, 0);
        return kept;
    }

    private static float[] Squares(float[] sum)
    {
        float[] squares = new float[Learner.SquaresLength(Range, default)];
        Learner.Square(Range, sum, default, squares);
        return squares;
    }

    private static RoundId Moment(long ordinal, long step = 0) => new(1, ordinal, RoundPurpose.Train, step, 0);
}
