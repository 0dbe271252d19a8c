using System.Globalization;
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

        JobFile.Parse(job.Text, "again.yaml", job.BaseDirectory).ShouldBe(job);

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

    // What workers do: 1, 2, 4 or 8 of them, each with its subtrees, and the server combines what they bring.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void However_many_workers_share_the_micro_batches_the_state_has_the_same_bits_and_the_figures_are_those_declared(string name)
    {
        JobSpec job = JobOf(name);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        ILearner learner = Learners.Create(job, data.Shape);
        string[] hashes = [.. new[] { 1, 2, 4, 8 }.Select(workers => TrainedModel.HashOf(Trained(learner, job, data, workers).Bytes))];

        hashes.Distinct().Count().ShouldBe(1, string.Join('\n', hashes));
        NumericBuffer state = Trained(learner, job, data, 2);
        RowRange few = new(data.Training.Table, data.Training.Order[..Math.Min(64, data.Training.Count)]);
        Metrics metrics = EvaluationPlan.Measure(learner, learner.CreateContributor(), state, few, Leaves);
        string[] declared = [.. job.Learner.FiguresOf(job.Model.Options).Select(figure => figure.Name)];
        metrics.Values.Select(figure => figure.Key).ShouldBe(declared, ignoreOrder: true);
        learner.Summarize(state).Title.ShouldNotBeEmpty();
    }

    private static NumericBuffer Trained(ILearner learner, JobSpec job, PreparedData data, int workers)
    {
        (NumericBuffer state, NumericBuffer optimizerState) = (new(learner.Numbers, learner.StateLength), new(learner.Numbers, learner.OptimizerStateLength));
        learner.Initialize(state, optimizerState);
        BatchPlan plan = BatchPlan.For(job, data.Shape.TrainingExamples, learner.FullBatch);
        ShardSampler[] samplers = [.. Enumerable.Range(0, Leaves).Select(shard => plan.CreateSampler(data.Shard(shard, Leaves)))];
        int share = Leaves / workers;
        for (long step = 0; step < Steps; step++)
        {
            int epoch = (int)(step / plan.StepsPerEpoch);
            StepContext context = new(step, epoch, plan.StepsPerEpoch);
            SumTree tree = new(Leaves, learner.Combine, _ => { });
            for (int worker = workers - 1; worker >= 0; worker--)       // the last first: the order in which they answer must not matter
            {
                MicroBatch[] batches = [.. Enumerable.Range(worker * share, share).Select(leaf => samplers[leaf].MicroBatch(epoch, context.StepInEpoch))];
                NumericBuffer sum = new(learner.Numbers, learner.ContributionLength);
                sum.Bytes.Fill(0xFF);                                   // a contribution must be overwritten, not added to
                learner.CreateContributor().Contribute(state, batches, sum, context);
                tree.Offer(new Subtree(worker * share, share), sum);
            }
            (NumericBuffer left, NumericBuffer? right) = tree.Halves;
            learner.Update(new UpdateBuffers(state, state, optimizerState, left) { Rest = right }, context, PartsInTurn.Instance);
        }
        return state;
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
    private static JobSpec JobOf(string kind)
    {
        foreach (string path in Directory.EnumerateFiles(Path.GetDirectoryName(RepositoryFiles.Path("deploy", "jobs", "digits-mlp.yaml"))!, "*.yaml").Order(StringComparer.Ordinal))
        {
            JobSpec job = JobFile.Read(path, [$"training.micro-batches={Leaves}", $"training.batch={Batch}"]);
            if (job.Model.Kind == kind && File.Exists(job.Data.Source)) return job;
        }
        throw new InvalidOperationException($"RegistryLawTests: wanted an example of {kind} in deploy/jobs whose data are there too, got none.");
    }
}
