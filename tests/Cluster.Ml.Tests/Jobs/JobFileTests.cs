using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Text.LanguageModel;

namespace Cluster.Ml.Tests.Jobs;

public sealed class JobFileTests
{
    private const string Full = """
        name: digits-mlp
        seed: 42
        data:
          source: ../../data/digits.csv      # relative to this file
          target: target
          split: { train: 0.7, validation: 0.15, test: 0.15, stratify: true }
          scale: standard                    # none | standard | minmax; fitted on training rows
        model:
          kind: mlp
          layers: [ { dense: 64, activation: relu }, { dropout: 0.1 } ]
        training:
          epochs: 30
          batch: 64
          micro-batches: 8
          optimizer: { adam: { rate: 0.001 } }
          regularize: { l2: 0.0001 }
          mode: synchronous
          early-stopping: { patience: 5 }
          aggregate: mean
        checkpoint: { every-steps: 50 }
        """;

    [Theory]
    [InlineData("data.source=/a b/temp #1.csv", "/a b/temp #1.csv")]
    [InlineData("data.source=/#/#.csv", "/#/#.csv")]
    [InlineData("data.source='/quoted #2.csv'", "/quoted #2.csv")]
    [InlineData("data.source=/comma, and #.csv", "/comma, and #.csv")]
    public void A_flag_has_no_comments(string setting, string source) =>
        Parse("data: { source: a.csv }\nmodel: { kind: softmax }\n", setting).Data.Source.ShouldBe(source);

    [Fact]
    public void Names_with_a_number_sign_pass_in_lists_and_alone() =>
        (Parse("data: { source: a.csv }\nmodel: { kind: softmax }\n", "data.target=ta #rget", "data.ignore=[ 'b, #2' ]").Data is { Target: "ta #rget" } data
            && data.Ignore.Contains("b, #2")).ShouldBeTrue();

    private static JobSpec Parse(string text, params string[] overrides) => JobFile.Parse(text, "job.yaml", "/jobs/deep/down", overrides);

    [Fact]
    public void The_number_of_servers_is_no_part_of_the_text_that_names_the_job()
    {
        const string text = "data: { source: a.csv, target: b }\nmodel: { kind: softmax }\n";

        JobSpec job = JobFile.Parse(text + "training: { servers: 3 }", "job.yaml", "/");

        job.Training.Servers.ShouldBe(3);
        job.Text.ShouldBe(JobFile.Parse(text, "job.yaml", "/").Text);
    }

    [Fact]
    public void The_documented_job_is_read_in_full()
    {
        JobSpec job = Parse(Full);

        job.Name.ShouldBe("digits-mlp");
        job.Seed.ShouldBe(42UL);
        job.Data.ShouldBe(new DataSpec(
            "/jobs/data/digits.csv", DataFormat.Auto, "target", new ValueList<string>([]), new SplitSpec(0.7, 0.15, 0.15, true), ScaleKind.Standard));
        job.Model.Kind.ShouldBe("mlp");
        job.Model.As<NetworkOptions>().Layers.ShouldBe([new DenseOptions(64, "relu"), new DropoutOptions(0.1)]);
        job.Training.ShouldBe(new TrainingSpec(
            30, 64, 8, new AdamOptions { Rate = 0.001 }, new RegularizeSpec(0, 0.0001), new EarlyStoppingSpec(5, 0), 1e-8));
        job.Privacy.ShouldBeNull();
        job.Checkpoint.ShouldBe(new CheckpointSpec(50, 2));
    }

    [Theory]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }")]
    [InlineData("data: { source: '/it''s here/a b.csv', target: 'né: #x', ignore: [id, 'a, b'], format: csv }\nmodel: { kind: softmax }")]
    [InlineData("data: { source: images }\nmodel: { kind: mlp, layers: [ { dense: 3 }, { dropout: 0.30000000000000004 } ] }\ntraining: { optimizer: sgd }")]
    [InlineData("data: { source: a.csv.gz }\nmodel: { kind: kmeans, clusters: 3, restarts: 4, start: random }\ntraining: { tolerance: 0 }")]
    [InlineData("data: { source: a.csv, scale: minmax }\nmodel: { kind: linear-regression }\nseed: 18446744073709551615")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: logistic }\ntraining: { optimizer: { newton: {} }, regularize: { l1: 0.1 } }")]
    [InlineData("data: { source: a.csv, classes: [ no, yes ], scale: { minmax: [ -1, 0.30000000000000004 ] } }\nmodel: { kind: logistic }\nprivacy: { target-epsilon: 1 }\ntraining: { optimizer: { sgd: { rate: 0.1, momentum: 0.9 } } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { speculation: { after: 2.5 } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: mlp, task: regression, start-from: /models/a.cluster, layers: [ { dense: 8, name: 'a b', frozen: true }, { sum: [ [], [ { dropout: 0.1 }, { dense: 8, share: 'a b' } ] ], name: c }, { concat: [ c, 'a b' ] }, { dense: 3, from: c }, { concat: [ [ { concat: [ [], [] ] } ] ] } ] }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: autoencoder, noise: 0.3, likelihood: gaussian, encoder: [ { dense: 3 } ], decoder: [] }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: vae, latent: 2, encoder: [], decoder: [ { dense: 3 } ] }\ntraining: { optimizer: rmsprop, schedule: { warm-up: 10 }, clip-value: 0.5 }")]
    [InlineData("data: { source: a.csv, image: [ 4, 5, 3 ] }\nmodel: { kind: gan, generator: [ { dense: 3 } ], discriminator: [ { dense: 3 } ] }\ntraining: { optimizer: { adadelta: { decay: 0.95 } }, schedule: { cosine: { minimum: 0.1 }, warm-up: 5 } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: adversarial-autoencoder, encoder: [], decoder: [], discriminator: [] }\ntraining: { optimizer: { sgd: { momentum: 0.9, nesterov: true } }, schedule: { step: { factor: 0.5, every: 3 } }, clip-norm: 1 }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { optimizer: { rmsprop: { momentum: 0.5 } }, schedule: { exponential: { factor: 0.9 } } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { mode: { stale: { bound: 0 } } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { mode: { local-sgd: { steps: 32 } }, optimizer: sgd }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { compression: fp16 }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { compression: { top-k: 0.05 } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { compression: { top-k: 1e-3, window: 8 } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { compression: { top-k: 0.05, feedback: false }, speculation: { after: 3 } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { compression: int8, speculation: { after: 3 } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { compression: { kind: int8, feedback: true } }")]
    [InlineData("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { compression: { kind: fp16, feedback: true, window: 8 } }")]
    [InlineData(Full)]
    public void A_job_s_text_reads_back_as_the_same_job_anywhere(string text)
    {
        JobSpec job = Parse(text, "training.epochs=7");

        JobSpec again = JobFile.Parse(job.Text, "other-name.yaml", "/elsewhere");

        (again with { BaseDirectory = job.BaseDirectory }).ShouldBe(job);
        again.GetHashCode().ShouldNotBe(0);
        job.Training.Epochs.ShouldBe(7);
    }

    // The text is part of what identifies a run: what a job means must not change its text.
    [Theory]
    [InlineData("fp16", "fp16")]
    [InlineData("int8", "int8")]
    [InlineData("{ kind: int8 }", "int8")]
    [InlineData("{ feedback: false, kind: fp16 }", "fp16")]
    [InlineData("{ kind: int8, feedback: true }", "{ kind: int8, feedback: true, window: 32 }")]
    [InlineData("{ top-k: 0.05 }", "{ top-k: 0.05, feedback: true, window: 32 }")]
    [InlineData("{ top-k: 0.05, feedback: false }", "{ top-k: 0.05, feedback: false }")]
    public void Compression_has_one_text(string compression, string text) =>
        Parse($"data: {{ source: a.csv }}\nmodel: {{ kind: softmax }}\ntraining: {{ compression: {compression} }}").Text
            .ShouldContain($"\n  compression: {text}\n");

    [Fact]
    public void A_job_of_two_keys_has_a_default_for_all_others()
    {
        JobSpec job = Parse("data: { source: rows.csv }\nmodel: { kind: softmax }");

        job.Name.ShouldBe("job");
        job.Data.Target.ShouldBe("target");
        job.Data.Split.ShouldBe(new SplitSpec(0.7, 0.15, 0.15, true));
        job.Training.MicroBatches.ShouldBe(8);
        job.Training.Optimizer.Kind.ShouldBe("adam");
        job.Privacy.ShouldBeNull();
    }

    [Fact]
    public void A_training_fraction_left_out_is_what_the_others_leave() =>
        Parse("data: { source: a.csv, split: { test: 0.2 } }\nmodel: { kind: softmax }").Data.Split.ShouldBe(new SplitSpec(0.8, 0, 0.2, true));

    [Fact]
    public void Overrides_change_values_wherever_they_stand()
    {
        JobSpec job = Parse(Full,
            "training.epochs=3", "model.layers.0.dense=32", "training.optimizer={sgd: {rate: 0.25}}",
            "data.source=/abs/x.csv", "data.ignore=[id]", "name=other", "checkpoint.keep=5", "training.early-stopping.minimum-gain=0.01");

        job.Training.Epochs.ShouldBe(3);
        job.Model.As<NetworkOptions>().Layers[0].ShouldBe(new DenseOptions(32, "relu"));
        job.Training.Optimizer.ShouldBe(new SgdOptions { Rate = 0.25 });
        job.Data.Source.ShouldBe("/abs/x.csv");
        job.Data.Ignore.ShouldBe(["id"]);
        job.Name.ShouldBe("other");
        job.Checkpoint.ShouldBe(new CheckpointSpec(50, 5));
        job.Training.EarlyStopping.ShouldBe(new EarlyStoppingSpec(5, 0.01));
    }

    [Fact]
    public void An_override_reaches_into_an_optimizer_written_as_a_word() =>
        Parse("data: { source: a.csv }\nmodel: { kind: softmax }\ntraining: { optimizer: adam }", "training.optimizer.adam.rate=0.5")
            .Training.Optimizer.ShouldBe(new AdamOptions { Rate = 0.5 });

    [Fact]
    public void A_file_is_read_relative_to_its_own_folder()
    {
        string folder = Directory.CreateTempSubdirectory("cluster-jobs-").FullName;
        try
        {
            string path = Path.Combine(folder, "tiny.job.yaml");
            File.WriteAllText(path, "data: { source: rows.csv }\nmodel: { kind: softmax }");

            JobSpec job = JobFile.Read(path, ["seed=9"]);

            job.Name.ShouldBe("tiny.job");
            job.Seed.ShouldBe(9UL);
            job.Data.Source.ShouldBe(Path.Combine(folder, "rows.csv"));
            job.BaseDirectory.ShouldBe(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named_with_the_reason()
    {
        string folder = Directory.CreateTempSubdirectory("cluster-jobs-").FullName;
        try
        {
            string large = Path.Combine(folder, "large.yaml"), latin = Path.Combine(folder, "latin.yaml");
            File.WriteAllText(large, new string('#', (64 * 1024) + 1));
            File.WriteAllBytes(latin, [(byte)'n', (byte)':', 0xE9, 0x28]);

            Should.Throw<BadInputException>(() => JobFile.Read(Path.Combine(folder, "none.yaml"), [])).Got.ShouldBe("no such file");
            Should.Throw<BadInputException>(() => JobFile.Read(folder, [])).Got.ShouldBe("a folder");
            Should.Throw<BadInputException>(() => JobFile.Read(large, [])).Wanted.ShouldBe("at most 64 KiB");
            Should.Throw<BadInputException>(() => JobFile.Read(latin, [])).Wanted.ShouldBe("UTF-8 text");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_language_model_reads_back_from_its_own_text()
    {
        JobSpec job = JobFile.Parse("""
            data: { source: a.txt.gz, unit: letters, vocabulary: 500, minimum-count: 3, test-source: b.txt, split: { train: 0.75, validation: 0.25 } }
            model: { kind: language-model, cell: rnn, embedding: 7, units: 9, depth: 2, window: 12, initializer: orthogonal }
            training: { clip-norm: 0.25, batch: 16 }
            """, "job.yaml", "/data");

        job.Data.Text.ShouldBe(new TextSpec(TextUnit.Letters, 500, 3, "/data/b.txt"));
        job.Data.Format.ShouldBe(DataFormat.Text);
        job.Model.Options.ShouldBe(new LanguageOptions { Cell = "rnn", Embedding = 7, Units = 9, Depth = 2, Window = 12, Initializer = "orthogonal" });
        job.Training.ClipNorm.ShouldBe(0.25);
        JobFile.Parse(job.Text, "job.yaml", "/data").ShouldBe(job);
    }
}
