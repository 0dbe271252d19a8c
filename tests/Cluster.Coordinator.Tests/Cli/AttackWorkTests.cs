using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Security.Attacks;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>Attacks as the tasks of a job.</summary>
public sealed class AttackWorkTests : IDisposable
{
    private static readonly AttackSettings s_settings = new() { Epsilon = 1.5, Steps = 5, Queries = 60, Models = 2, Seed = 3 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-attack-work-");
    private readonly string _table, _model, _other;
    private readonly JobSpec _job;

    public AttackWorkTests()
    {
        _table = Path.Combine(_folder.FullName, "it's rows.csv");
        File.WriteAllText(_table, "a,b,target\n" + string.Concat(Enumerable.Range(0, 150).Select(i => $"{i % 10},{i * i % 7},{(i % 10 > i * i % 7 ? "x" : "y")}\n")));
        _job = Job("{ kind: softmax }", ", attack: { kind: backdoor, fraction: 0.1, to: x }");
        _model = Trained("model.cluster", Job("{ kind: softmax }"));
        _other = Trained("other.cluster", Job("{ kind: mlp, layers: [ { dense: 4 } ] }"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Every_attack_that_is_cut_gives_the_report_of_one_process(int workers)
    {
        Terminal quiet = new(TextWriter.Null, TextWriter.Null, interactive: false);
        using Interruption none = new(quiet);
        LocalClusterOptions options = new(workers, 1, Path.Combine(_folder.FullName, "journal"));
        Directory.CreateDirectory(options.RunDirectory);
        await using LocalCluster cluster = await LocalCluster.StartAsync(options, _ => { });

        foreach (PiecewiseAttack kind in AttackRegistry.All.OfType<PiecewiseAttack>())
        {
            AttackTarget target = TargetOf(kind);
            AttackWork work = new(kind, target, s_settings, new AttackWork.ModelFiles(kind.OnJobs ? null : _model, _other, kind.Flags.Contains("against") ? [_other] : []));
            string directory = Path.Combine(_folder.FullName, kind.Name);
            SubmitJob submit = work.JobIn(directory) with { Job = new(kind.Name) };

            JobFinished finished = await JobRun.FollowAsync(cluster, submit, ProgressDisplay.For(quiet), none);

            (finished.Status, finished.Reason).ShouldBe((JobStatus.Completed, ""), kind.Name);
            work.ReportIn(directory).Figures.ToJsonString().ShouldBe(kind.Run(target, s_settings).Figures.ToJsonString(), kind.Name);
        }
    }

    [Fact]
    public void Most_attacks_are_cut() => AttackRegistry.All.Where(kind => kind is not PiecewiseAttack).Select(kind => kind.Name).ShouldBe(["invert", "detect", "sanitize"]);

    private AttackTarget TargetOf(AttackKind kind) => new()
    {
        Model = kind.OnJobs ? null : ModelFile.Read(_model),
        Job = kind.OnJobs ? _job : null,
        Data = kind.OnJobs ? "" : _table,
        Substitute = kind.Flags.Contains("substitute") ? ModelFile.Read(_other) : null,
        Others = kind.Flags.Contains("against") ? [ModelFile.Read(_other)] : [],
    };

    private JobSpec Job(string model, string more = "") => JobFile.Parse(
        $"data: {{ source: '{_table.Replace("'", "''", StringComparison.Ordinal)}', split: {{ train: 0.7, validation: 0, test: 0.3 }}{more} }}\nmodel: {model}\ntraining: {{ epochs: 10, optimizer: {{ adam: {{ rate: 0.05 }} }} }}", "job.yaml", _folder.FullName);

    private string Trained(string name, JobSpec job)
    {
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        string path = Path.Combine(_folder.FullName, name);
        ModelFile.Write(path, new SavedModel(job, data.Shape, data.Preprocessing, SequentialTrainer.Train(job, data)));
        return path;
    }
}
