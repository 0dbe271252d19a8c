using System.Globalization;
using System.Text.RegularExpressions;
using Cluster.Ml.Aggregation;
using Cluster.Ml.Compression;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Jobs.Keys;

namespace Cluster.Ml.Tests.Learning;

/// <summary>What holds for every kind of learner that is registered, each by the first of its jobs in deploy/jobs whose data are in the repository.</summary>
public sealed class RegistryLawTests
{
    private const int Steps = 3, Leaves = 8, Batch = 64;

    public static readonly TheoryData<string> Kinds = new(LearnerRegistry.Names);

    [Fact]
    public void Names_and_keys_are_written_as_a_job_writes_them_and_said_once()
    {
        LearnerRegistry.Names.ShouldBeUnique();
        foreach (LearnerKind kind in LearnerRegistry.All)
        {
            kind.Name.ShouldMatch("^[a-z][a-z0-9-]*$");
            kind.Meaning.ShouldNotBeEmpty();
            kind.Keys.Select(key => key.Name).ShouldBeUnique();
            foreach (JobKey key in kind.Keys)
            {
                key.Name.ShouldMatch("^[a-z][a-z0-9-]*$");
                key.Meaning.ShouldEndWith(".", customMessage: key.Name);
                key.Range.ShouldNotBeEmpty();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_job_reads_back_from_its_text_and_a_default_that_is_written_changes_nothing(string name)
    {
        JobSpec job = JobOf(name);
        LearnerKind kind = LearnerRegistry.Of(name);

        // The text names the task, so that nothing is left to be found.
        JobFile.Parse(job.Text, "again.yaml", job.BaseDirectory).ShouldBe(job with { TaskFound = null });

        foreach (JobKey key in kind.Keys.Where(key => key.Default is not null))
        {
            string defaults = JobFile.Parse(job.Text, "again.yaml", job.BaseDirectory, [$"model.{key.Name}=null"]).Text;
            JobFile.Parse(job.Text, "again.yaml", job.BaseDirectory, [$"model.{key.Name}={key.Default}"]).Text.ShouldBe(defaults, key.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_value_out_of_its_range_is_refused_with_its_key_and_its_range(string name)
    {
        JobSpec job = JobOf(name);
        foreach (JobKey key in LearnerRegistry.Of(name).Keys)
            foreach (string bad in BadValues(key))
            {
                string message = Should.Throw<BadInputException>(() => Changed(job, key.Name, bad), $"{key.Name}={bad}").Message;
                message.ShouldContain($"model.{key.Name}");
                if (key.Kind is KeyKind.Whole or KeyKind.Number or KeyKind.Word) message.ShouldContain(key.Range);
            }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_of_another_kind_or_of_none_is_refused_and_no_other_kind_s_keys_are_offered(string name)
    {
        JobSpec job = JobOf(name);
        LearnerKind kind = LearnerRegistry.Of(name);
        string[] foreign = [.. LearnerRegistry.All.SelectMany(other => other.Keys).Select(key => key.Name).Distinct().Except(kind.Keys.Select(key => key.Name))];
        foreach (string key in foreign)
            Should.Throw<BadInputException>(() => Changed(job, key, "1")).Message.ShouldContain($"with kind: {name}; only ");

        Should.Throw<BadInputException>(() => Changed(job, "qqqqqqqqqqqqqqqqq", "1")).Message
            .ShouldContain($"known here: {string.Join(", ", ["kind", .. kind.Keys.Select(key => key.Name)])}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_a_kind_says_of_itself_its_learner_keeps(string name)
    {
        JobSpec job = JobOf(name);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        ILearner learner = Learners.CreateAlone(job, data.Shape);

        learner.Numbers.ShouldBe(job.Form.Numbers);
        learner.FullBatch.ShouldBe(job.Form.FullBatch);
        (learner is IRangedLearner).ShouldBe(job.Form.Has(Capability.Servers));
        (learner is ICompressible).ShouldBe(job.Form.Has(Capability.Compression));
        (learner is IVectorOutput).ShouldBe(job.Learner.OutputOf(job.Model.Options) == OutputForm.Coordinates);
        job.Learner.TargetOf(job.Model.Options).ShouldBe(data.Preprocessing.TargetKind);
        foreach (Capability capability in Enum.GetValues<Capability>())
            if (job.Form.Refuses(capability) is { } refusal) (refusal.Because.Length * refusal.Advice.Length).ShouldBeGreaterThan(0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_schema_takes_its_job_and_refuses_values_out_of_range_and_a_page_tells_of_it(string name)
    {
        JobSpec job = JobOf(name);

        KeySchemaTests.ErrorsOf(job.Text).ShouldBeEmpty();
        foreach (JobKey key in job.Learner.Keys.Where(key => key.Kind is KeyKind.Whole or KeyKind.Word or KeyKind.Flag))
            KeySchemaTests.ErrorsOf(WithModelKey(job.Text, key.Name, BadValues(key).First())).ShouldNotBeEmpty(key.Name);
        string page = $@"kind: {name}\b(?!-)|^\| `{name}` \|";
        Directory.EnumerateFiles(Path.GetDirectoryName(RepositoryFiles.Path("docs", "models", "networks.md"))!, "*.md")
            .Any(file => Regex.IsMatch(File.ReadAllText(file), page, RegexOptions.Multiline))
            .ShouldBeTrue($"no page of docs/models has 'kind: {name}' or a row of a table that begins with `{name}`");
    }

    // What workers do: 1, 2, 4 or 8 of them, each with its subtrees, and the server combines what they bring.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void However_many_workers_share_the_micro_batches_and_are_killed_the_state_has_the_same_bits_and_the_figures_are_those_declared(string name)
    {
        JobSpec job = JobOf(name);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        ILearner learner = Learners.Create(job, data.Shape);
        string[] hashes = [
            .. new[] { 1, 2, 4, 8 }.Select(workers => TrainedModel.HashOf(Trained(learner, job, data, workers).Bytes)),
            TrainedModel.HashOf(TrainedThroughKills(job).Bytes),
        ];

        hashes.Distinct().Count().ShouldBe(1, string.Join('\n', hashes));
        NumericBuffer state = Trained(learner, job, data, 2);
        RowRange few = new(data.Training.Table, data.Training.Order[..Math.Min(64, data.Training.Count)]);
        Metrics metrics = EvaluationPlan.Measure(learner, learner.CreateContributor(), state, few, Leaves);
        string[] declared = [.. job.Learner.FiguresOf(job.Model.Options).Select(figure => figure.Name)];
        metrics.Values.Select(figure => figure.Key).ShouldBe(declared, ignoreOrder: true);
        learner.Summarize(state).Title.ShouldNotBeEmpty();
    }

    /// <summary>
    /// Before each step but the first the server is killed: job, data and learner are read anew, and of what was, only the bytes of a checkpoint are
    /// left. In each step a worker is killed when half of its answers are given: another one of other subtrees computes all of them.
    /// </summary>
    private static NumericBuffer TrainedThroughKills(JobSpec job)
    {
        (byte[] State, byte[] OptimizerState)? checkpoint = null;
        for (long step = 0; ; step++)
        {
            JobSpec again = JobFile.Parse(job.Text, "again.yaml", job.BaseDirectory);
            PreparedData data = PreparedData.Load(again, Learners.NumbersFor(again));
            ILearner learner = Learners.Create(again, data.Shape);
            (NumericBuffer state, NumericBuffer optimizerState) = Started(learner);
            if (checkpoint is { } saved)
            {
                saved.State.CopyTo(state.Bytes);
                saved.OptimizerState.CopyTo(optimizerState.Bytes);
            }
            BatchPlan plan = BatchPlan.For(again, data.Shape.TrainingExamples, learner.FullBatch);
            SumTree tree = new(Leaves, learner.Combine, _ => { });
            Answer(learner, plan, data, state, tree, step, first: 2, share: 2);
            Answer(learner, plan, data, state, tree, step, first: 7, share: 1);
            for (int first = 0; first < Leaves; first++) Answer(learner, plan, data, state, tree, step, first, share: 1);
            TakeStep(learner, plan, state, optimizerState, tree, step);
            if (step == Steps - 1) return state;
            checkpoint = (state.Bytes.ToArray(), optimizerState.Bytes.ToArray());
        }
    }

    private static NumericBuffer Trained(ILearner learner, JobSpec job, PreparedData data, int workers)
    {
        (NumericBuffer state, NumericBuffer optimizerState) = Started(learner);
        BatchPlan plan = BatchPlan.For(job, data.Shape.TrainingExamples, learner.FullBatch);
        int share = Leaves / workers;
        for (long step = 0; step < Steps; step++)
        {
            SumTree tree = new(Leaves, learner.Combine, _ => { });
            for (int worker = workers - 1; worker >= 0; worker--)       // the last first: the order in which they answer must not matter
                Answer(learner, plan, data, state, tree, step, worker * share, share);
            TakeStep(learner, plan, state, optimizerState, tree, step);
        }
        return state;
    }

    private static (NumericBuffer State, NumericBuffer OptimizerState) Started(ILearner learner)
    {
        (NumericBuffer state, NumericBuffer optimizerState) = (new(learner.Numbers, learner.StateLength), new(learner.Numbers, learner.OptimizerStateLength));
        learner.Initialize(state, optimizerState);
        return (state, optimizerState);
    }

    /// <summary>A worker computes a subtree and the server takes it, or drops it if it has it.</summary>
    private static void Answer(ILearner learner, BatchPlan plan, PreparedData data, NumericBuffer state, SumTree tree, long step, int first, int share)
    {
        StepContext context = At(plan, step);
        MicroBatch[] batches = [.. Enumerable.Range(first, share).Select(leaf => plan.CreateSampler(data.Shard(leaf, Leaves)).MicroBatch(context.Epoch, context.StepInEpoch))];
        NumericBuffer sum = new(learner.Numbers, learner.ContributionLength);
        sum.Bytes.Fill(0xFF);                                           // a contribution must be overwritten, not added to
        learner.CreateContributor().Contribute(state, batches, sum, context);
        tree.Offer(new Subtree(first, share), sum);
    }

    private static void TakeStep(ILearner learner, BatchPlan plan, NumericBuffer state, NumericBuffer optimizerState, SumTree tree, long step)
    {
        (NumericBuffer left, NumericBuffer? right) = tree.Halves;
        learner.Update(new UpdateBuffers(state, state, optimizerState, left) { Rest = right }, At(plan, step), PartsInTurn.Instance);
    }

    private static StepContext At(BatchPlan plan, long step) => new(step, (int)(step / plan.StepsPerEpoch), plan.StepsPerEpoch);

    /// <summary>The job's text with another value of a key of its model, which no reader has looked at.</summary>
    private static string WithModelKey(string text, string key, string value)
    {
        string[] lines = text.Split('\n');
        int model = Array.IndexOf(lines, "model:");
        model.ShouldBeGreaterThanOrEqualTo(0, text);
        string line = $"  {key}: ";
        int place = Array.FindIndex(lines, model, each => each.StartsWith(line, StringComparison.Ordinal));
        return string.Join('\n', place < 0 ? [.. lines[..(model + 1)], line + value, .. lines[(model + 1)..]] : [.. lines[..place], line + value, .. lines[(place + 1)..]]);
    }

    private static IEnumerable<string> BadValues(JobKey key) => key.Kind switch
    {
        KeyKind.Whole => [Text(key.Numbers!.Least - 1), Text(key.Numbers.Most + 1), "1.5", "many"],
        KeyKind.Number => [.. Outside(key.Numbers!), ".nan", "much"],
        KeyKind.Word => ["qqqqqqqqqqqqqqqqq"],
        KeyKind.Flag => ["perhaps"],
        KeyKind.Path => ["[ 1 ]"],
        KeyKind.Layers => ["dense", "[ 7 ]", "[ { dense: 0 } ]"],
        _ => ["7"],
    };

    private static IEnumerable<string> Outside(NumberRange range) =>
        new[] { range.LeastExcluded ? range.Least : range.Least - 1, range.MostExcluded ? range.Most : range.Most + 1 }.Where(double.IsFinite).Select(Text);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static JobSpec Changed(JobSpec job, string key, string value) => JobFile.Parse(job.Text, "job.yaml", job.BaseDirectory, [$"model.{key}={value}"]);

    /// <summary>The first example of a kind that trains on what the repository holds.</summary>
    internal static JobSpec JobOf(string kind)
    {
        foreach (string path in Directory.EnumerateFiles(Path.GetDirectoryName(RepositoryFiles.Path("deploy", "jobs", "digits-mlp.yaml"))!, "*.yaml").Order(StringComparer.Ordinal))
        {
            JobSpec job = JobFile.Read(path, [$"training.micro-batches={Leaves}", $"training.batch={Batch}"]);
            if (job.Model.Kind == kind && (!job.Data.IsRead || File.Exists(job.Data.Source))) return job;
        }
        throw new InvalidOperationException($"RegistryLawTests: wanted an example of {kind} in deploy/jobs whose data are there too, got none.");
    }
}
