using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Tests.Jobs;

public sealed class JobCoordinatorStateTests
{
    private static readonly SubmitJob s_submit = new(Some.Job, TestData.Mlp(epochs: 3), TestData.Directory, "/run", null, 0);
    private static readonly JobContext s_job = Context();

    [Fact]
    public void The_course_is_followed_from_training_to_the_model()
    {
        JobCoordinatorState state = Ready();
        List<IParameterCommand> asked = [];

        Follow(state, asked.Add);

        asked.Select(Name).ShouldBe(
        [
            "TrainEpoch 0", "EvaluateValidation 0", "KeepBest 0", "TrainEpoch 1", "EvaluateValidation 1", "TrainEpoch 2", "EvaluateValidation 2",
            "RestoreBest 0", "EvaluateTraining 0", "EvaluateValidation 0", "EvaluateTest 0", "SaveModel",
        ]);
        state.IsOver.ShouldBeTrue();
    }

    [Fact]
    public void Nothing_is_asked_before_the_parameter_server_is_ready()
    {
        JobCoordinatorState state = new(s_job, JobRecord.Begin(s_job));

        state.Command.ShouldBeNull();
        state.OnReady(new ParametersReady(1, 0, 0));
        state.Command.ShouldBe(new TrainEpoch(0));
        state.OnParametersLost();
        state.Command.ShouldBeNull();
    }

    [Fact]
    public void Wherever_the_parameter_server_falls_back_to_the_same_course_is_finished()
    {
        List<object> wanted = Entries(interruptAfter: int.MaxValue, backTo: 0);

        for (int interruptAfter = 1; interruptAfter < wanted.Count; interruptAfter++)
            for (int backTo = 0; backTo <= 3; backTo++)
                Entries(interruptAfter, backTo).Select(Name).ShouldBe(
                    wanted.Select(Name), $"after {interruptAfter} entries, back to epoch {backTo}");
    }

    [Fact]
    public void An_epoch_that_is_trained_again_with_other_figures_is_a_fault()
    {
        JobCoordinatorState state = Ready();
        Take(state, state.OnEpochTrained(Trained(0)));
        state.OnReady(new ParametersReady(2, 0, 0));

        state.OnEpochTrained(Trained(0)).ShouldBe(Finding.Nothing);
        state.OnEpochTrained(Trained(0) with { MeanLoss = 0.123 }).Failure.ShouldNotBeNull().ShouldContain("epoch 0");
    }

    [Fact]
    public void A_checkpoint_of_the_same_step_with_another_state_is_a_fault()
    {
        JobCoordinatorState state = Ready();
        CheckpointWritten written = new(Some.Job, 5, 0, "aa");
        Take(state, state.OnCheckpoint(written));

        state.OnCheckpoint(written).ShouldBe(Finding.Nothing);
        state.OnCheckpoint(written with { Sha256 = "bb" }).Failure.ShouldNotBeNull().ShouldContain("step 5");
    }

    [Fact]
    public void A_cancelled_course_asks_for_a_checkpoint_and_goes_on_when_resumed()
    {
        JobCoordinatorState state = Ready();
        Take(state, state.OnEpochTrained(Trained(0)));

        state.Apply(new CancelJob(Some.Job, 1));
        state.Command.ShouldBe(new TakeCheckpoint());
        state.Apply(new JobResumed(Some.Job, 2));
        state.Command.ShouldBe(new EvaluateSplit(RoundPurpose.EvaluateValidation, 0));
    }

    [Fact]
    public void Before_the_model_is_saved_in_a_new_life_the_parameter_server_is_asked_where_it_stands()
    {
        SubmitJob submit = s_submit with { JobText = TestData.Mlp(epochs: 1) };
        JobCoordinatorState state = Ready(Context(submit));
        while (state.Command is not SaveModel) Answer(state, state.Command!);

        state.OnReady(new ParametersReady(2, Trained(0).Step, 1));

        state.Command.ShouldBe(new KeepBest(0));
        Answer(state, state.Command!);
        state.Command.ShouldBe(new SaveModel(state.Record));
    }

    /// <summary>The entries of a course whose parameter server once comes back at the beginning of an epoch.</summary>
    private static List<object> Entries(int interruptAfter, int backTo)
    {
        List<object> entries = [];
        JobCoordinatorState state = Ready();
        for (int guard = 0; !state.IsOver; guard++)
        {
            guard.ShouldBeLessThan(100);
            int before = entries.Count;
            if (Answer(state, state.Command.ShouldNotBeNull()) is { } entry) entries.Add(entry);
            if (before < interruptAfter && entries.Count == interruptAfter && backTo <= state.Record.Epochs.Count)
                state.OnReady(new ParametersReady(2, backTo * s_job.Plan.StepsPerEpoch, backTo));
        }
        return entries;
    }

    private static void Follow(JobCoordinatorState state, Action<IParameterCommand> asked)
    {
        while (!state.IsOver)
        {
            asked(state.Command!);
            Answer(state, state.Command!);
        }
    }

    /// <summary>Answers as a parameter server would whose validation loss rises from the first epoch on.</summary>
    private static object? Answer(JobCoordinatorState state, IParameterCommand command) => Take(state, command switch
    {
        TrainEpoch train => state.OnEpochTrained(Trained(train.Epoch)),
        EvaluateSplit split => state.OnEvaluated(new SplitEvaluated(Some.Job, split.Purpose, split.Epoch, Sums(split.Epoch))),
        KeepBest keep => state.OnBestKept(new BestKept(Some.Job, keep.Epoch)),
        RestoreBest restore => state.OnBestRestored(new BestRestored(Some.Job, restore.Epoch)),
        SaveModel => state.OnModelSaved(new ModelSaved(Some.Job, "model", "hash")),
        _ => throw new InvalidOperationException($"{command}"),
    });

    private static object? Take(JobCoordinatorState state, Finding finding)
    {
        finding.Failure.ShouldBeNull();
        if (finding.Entry is { } entry) state.Apply(entry);
        return finding.Entry;
    }

    private static JobCoordinatorState Ready(JobContext? job = null)
    {
        JobCoordinatorState state = new(job ?? s_job, JobRecord.Begin(job ?? s_job));
        state.OnReady(new ParametersReady(1, 0, 0));
        return state;
    }

    private static EpochTrained Trained(int epoch) =>
        new(Some.Job, epoch, (epoch + 1) * s_job.Plan.StepsPerEpoch, 1.0 / (epoch + 2), double.NaN, 10, Converged: false, new TensorPayload(PayloadKind.Float64, new byte[16]));

    private static TensorPayload Sums(int epoch)
    {
        double[] sums = new double[s_job.Learner.EvaluationLength];
        // One row, whose loss is more with each epoch, so that the first state stays the best.
        (sums[0], sums[1]) = (1, epoch + 1.0);
        return new TensorPayload(PayloadKind.Float64, System.Runtime.InteropServices.MemoryMarshal.AsBytes(sums.AsSpan()).ToArray());
    }

    private static string Name(object message) => message switch
    {
        EvaluateSplit split => $"{split.Purpose} {split.Epoch}",
        TrainEpoch train => $"TrainEpoch {train.Epoch}",
        KeepBest keep => $"KeepBest {keep.Epoch}",
        RestoreBest restore => $"RestoreBest {restore.Epoch}",
        SplitEvaluated split => $"{split.Purpose} {split.Epoch}",
        EpochTrained trained => $"EpochTrained {trained.Epoch}",
        BestKept kept => $"BestKept {kept.Epoch}",
        BestRestored restored => $"BestRestored {restored.Epoch}",
        _ => message.GetType().Name,
    };

    private static JobContext Context(SubmitJob? submit = null)
    {
        submit ??= s_submit;
        JobSpec spec = JobContext.Parse(submit);
        PreparedData data = PreparedData.Load(spec, Learners.NumbersFor(spec));
        return new JobContext(submit, spec, data, Learners.Create(spec, data.Shape));
    }
}
