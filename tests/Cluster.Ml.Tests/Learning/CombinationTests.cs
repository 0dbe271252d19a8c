using System.Text.RegularExpressions;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tests.Jobs.Keys;

namespace Cluster.Ml.Tests.Learning;

/// <summary>Every learner with everything that a job may ask of it: it is refused with place, reason and advice, or the job is one that reads back.</summary>
public sealed partial class CombinationTests
{
    private static readonly string[] s_asked =
    [
        "privacy={ clip: 1, noise: 1.5, delta: 1e-3 }",
        "privacy={ clip: 1, target-epsilon: 20, delta: 1e-3 }",
        "training.compression=fp16",
        "training.compression=int8",
        "training.compression={ kind: int8, feedback: true, window: 2 }",
        "training.compression={ top-k: 0.2, window: 2 }",
        "training.compression={ top-k: 0.2, feedback: false }",
        "training.servers=3",
        "training.mode={ local-sgd: { steps: 2 } }",
        "training.mode={ stale: { bound: 2 } }",
        "training.speculation={ after: 3 }",
        "training.aggregate=median",
        "training.aggregate={ trimmed-mean: { byzantine: 2 } }",
        "training.aggregate={ krum: { byzantine: 2 } }",
        "training.attack={ kind: sign-flip, byzantine: 2 }",
        "training.adversarial={ kind: pgd, epsilon: 0.1 }",
        "training.adversarial={ kind: fgsm, epsilon: 0.1 }",
        "training.optimizer=sgd",
        "training.optimizer={ sgd: { rate: 0.01, momentum: 0.9 } }",
        "training.optimizer=rmsprop",
        "training.optimizer=adadelta",
        "training.optimizer=adam",
        "training.optimizer=lbfgs",
        "training.optimizer=newton",
        "training.schedule={ cosine: { } }",
        "training.schedule={ step: { every: 1, factor: 0.5 }, warm-up: 2 }",
        "training.clip-norm=0.5",
        "training.clip-value=0.5",
        "training.regularize={ l1: 0.001, l2: 0.01 }",
        "training.early-stopping={ patience: 1 }",
        "data.augment={ shift: 1, flip: true, noise: 0.1 }",
        "data.attack={ kind: label-flip, fraction: 0.2 }",
        "data.attack={ kind: backdoor, fraction: 0.2 }",
        "data.adapt-to=data/digits.csv",
        "data.scale=minmax",
        "data.split={ train: 1 }",
        "data.examples-per-class=5",
        "tune={ trials: 2, keys: { seed: [ 1, 2 ] } }",
    ];

    public static readonly TheoryData<string> Kinds = new(LearnerRegistry.Names);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_a_job_asks_of_a_learner_is_refused_in_a_sentence_or_reads_back(string kind)
    {
        JobSpec example = RegistryLawTests.JobOf(kind);
        List<string> wrong = [];
        foreach (string asked in s_asked)
            if (Wrong(example, asked) is { } what) wrong.Add($"{asked}: {what}");

        wrong.ShouldBeEmpty();
    }

    private static string? Wrong(JobSpec example, string asked)
    {
        try
        {
            JobSpec job = JobFile.Parse(example.Text, "job.yaml", example.BaseDirectory, [asked]);
            // How many servers there are is no part of what a job is: they come to the same model.
            JobSpec told = job with { Training = job.Training with { Servers = 1 } };
            return JobFile.Parse(job.Text, "job.yaml", job.BaseDirectory) != told ? "its text reads back as another job"
                : KeySchemaTests.ErrorsOf(job.Text) is { Length: > 0 } schema ? $"the schema: {schema}" : null;
        }
        catch (BadInputException refused)
        {
            return refused.Errors.All(error => error.Wanted.Length > 0 && error.Got.Length > 0 && error.Advice.Length > 0 && Place().IsMatch(error.Message)) ? null : refused.Message;
        }
    }

    [GeneratedRegex("^(--set .+|job\\.yaml:[0-9]+:[0-9]+): wanted .+, got .+; .+\\.$")]
    private static partial Regex Place();
}
