using Cluster.Ml.Data;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Tests.Jobs;

public sealed class BrokenJobFileTests
{
    private const string Data = "data: { source: a.csv }\n";
    private const string Softmax = "model: { kind: softmax }\n";
    private const string Good = Data + Softmax;
    private const string Private = "data: { source: a.csv, classes: [ a, b ] }\n" + Softmax;

    /// <summary>Text, place, and words that the message must hold.</summary>
    public static readonly TheoryData<string, string, string> Broken = new()
    {
        { "", "job.yaml: ", "wanted a job, got an empty file" },
        { "# only a comment\n", "job.yaml: ", "an empty file" },
        { "- a\n- b\n", "job.yaml:1:1: ", "wanted a mapping of keys such as data and model, got a list of 2" },
        { "just text", "job.yaml:1:1: ", "got 'just text'" },
        { Softmax, "job.yaml:1:1: ", "wanted the key 'data', got none" },
        { Data, "job.yaml:1:1: ", "wanted the key 'model', got none" },
        { "data: a.csv\n" + Softmax, "job.yaml:1:7: ", "wanted data to be a mapping, got 'a.csv'" },
        { "data: { target: y }\n" + Softmax, "job.yaml:1:7: ", "the key 'source'" },
        { "data: { source: [a] }\n" + Softmax, "job.yaml:1:17: ", "a list of 1" },
        { "data: { source: '' }\n" + Softmax, "job.yaml:1:17: ", "got an empty text" },
        { "data: { source: \"a\\0b\" }\n" + Softmax, "job.yaml:1:17: ", "a text of 1 to" },
        { "data: { sorce: a.csv }\n" + Softmax, "job.yaml:1:7: ", "job.yaml:1:9: wanted a key of data, got 'sorce'; did you mean 'source'" },
        { "data: { source: a.csv, scale: standart }\n" + Softmax, "job.yaml:1:31: ", "did you mean 'standard'" },
        { "data: { source: a.csv, format: parquet }\n" + Softmax, "job.yaml:1:32: ", "wanted data.format to be auto or csv or idx" },
        { "data: { source: a.csv, ignore: id }\n" + Softmax, "job.yaml:1:32: ", "a list of at most" },
        { "data: { source: a.csv, ignore: [ [id] ] }\n" + Softmax, "job.yaml:1:34: ", "the name of a column" },
        { "data: { source: a.csv, target: y, ignore: [ y ] }\n" + Softmax, "job.yaml:1:43: ", "without the target column" },
        { "data: { source: a.csv, split: { train: 0.7, test: 0.2 } }\n" + Softmax, "job.yaml:1:31: ", "to add up to 1, got 0.9" },
        { "data: { source: a.csv, split: { validation: 0.7, test: 0.7 } }\n" + Softmax, "job.yaml:1:31: ", "add up to 1" },
        { "data: { source: a.csv, split: { train: -0.7, test: 0.2 } }\n" + Softmax, "job.yaml:1:40: ", "a fraction above 0" },
        { "data: { source: a.csv, split: { train: 1, stratify: yes } }\n" + Softmax, "job.yaml:1:53: ", "true or false, got 'yes'" },
        { "data: { source: a.csv, unit: word }\n" + Softmax, "job.yaml:1:30: ", "data.unit to be absent, got 'word' without format: text" },
        { "data: { source: a.csv, test-source: b.txt }\n" + Softmax, "job.yaml:1:37: ", "only a text has it" },
        { "data: { source: a.txt, unit: word }\n" + Softmax, "job.yaml:1:17: ", "a table or images with kind: softmax" },
        { "data: { source: a.txt }\nmodel: { kind: language-model }\n", "job.yaml:1:7: ", "the key 'unit'" },
        { "data: { source: a.csv }\nmodel: { kind: language-model }\n", "job.yaml:1:7: ", "data.format to be text with kind: language-model" },
        { "data: { source: a.txt, unit: wort }\nmodel: { kind: language-model }\n", "job.yaml:1:30: ", "did you mean 'word'" },
        { "data: { source: a.txt, unit: word, vocabulary: 1 }\nmodel: { kind: language-model }\n", "job.yaml:1:48: ", "a whole number from 2" },
        { "data: { source: a.txt, unit: word, target: y }\nmodel: { kind: language-model }\n", "job.yaml:1:44: ", "a text has no columns" },
        { "data: { source: a.txt, unit: word, test-source: b, split: { test: 0.1 } }\nmodel: { kind: language-model }\n", "job.yaml:1:49: ", "test on one of them" },
        { "data: { source: a.txt, unit: word }\nmodel: { kind: language-model, cell: gru }\n", "job.yaml:2:38: ", "lstm or rnn" },
        { "data: { source: a.txt, unit: word }\nmodel: { kind: language-model, window: 0 }\n", "job.yaml:2:40: ", "a whole number from 1" },
        { "data: { source: a.txt, unit: word }\nmodel: { kind: language-model }\ntraining: { clip-norm: 0 }\n", "job.yaml:3:24: ", "a number above 0" },
        { "data: { source: a.txt, unit: word }\nmodel: { kind: language-model }\nprivacy: { noise: 1 }\n", "job.yaml:3:10: ", "got language-model" },
        { Data + "model: softmax\n", "job.yaml:2:8: ", "model to be a mapping" },
        { Data + "model: { }\n", "job.yaml:2:8: ", "the key 'kind'" },
        { Data + "model: { kind: sofmax }\n", "job.yaml:2:16: ", "did you mean 'softmax'" },
        { Data + "model: { kind: oracle }\n", "job.yaml:2:16: ", "linear-regression or logistic or softmax or perceptron or kmeans or mlp" },
        { Data + "model: { kind: softmax, layers: [ { dense: 3 } ] }\n", "job.yaml:2:33: ", "only mlp, cnn, reinforce and ppo have hidden layers" },
        { Data + "model: { kind: softmax, clusters: 3 }\n", "job.yaml:2:35: ", "only kmeans has it" },
        { Data + "model: { kind: kmeans, xyzzy: 3 }\n", "job.yaml:2:24: ", "got 'xyzzy'; known here: kind, clusters, restarts, start" },
        { Data + "model: { kind: kmeans, latent: 3, xyzzy: 3 }\n", "job.yaml:2:32: ", "got 'xyzzy'; known here: kind, clusters, restarts, start" },
        { Data + "model: { kind: cnn, layers: [ ], task: regression }\n", "job.yaml:2:40: ", "'regression' with kind: cnn; only mlp, tree, boosting, svm and forest have it" },
        { Data + "model: { kind: gan, generator: [ ], discriminator: [ ], decoder: [ ] }\n", "job.yaml:2:66: ", "only autoencoder, vae and adversarial-autoencoder have it" },
        { Data + "model: { kind: sofmax, clusters: 3, xyzzy: 3 }\n", "job.yaml:2:16: ", "got 'xyzzy'" },
        { Data + "model: { kind: kmeans }\ntraining: { regularize: { l2: 0.1 } }\n", "job.yaml:3:25: ", "training.regularize to be absent with kind: kmeans" },
        { Data + "model: { kind: gan, generator: [ ], discriminator: [ ] }\ntraining: { early-stopping: { } }\n", "job.yaml:3:29: ", "none of whose figures says which epoch is the best" },
        { Data + "model: { kind: mlp }\n", "job.yaml:2:8: ", "the key 'layers'" },
        { Data + "model: { kind: mlp, layers: [ 64 ] }\n", "job.yaml:2:31: ", "model.layers.0 to be a mapping, got '64'" },
        { Data + "model: { kind: mlp, layers: [ { dense: 0 } ] }\n", "job.yaml:2:40: ", "a whole number from 1 to 65536, got '0'" },
        { Data + "model: { kind: mlp, layers: [ { dense: 9, activation: rellu } ] }\n", "job.yaml:2:55: ", "did you mean 'relu'" },
        { Data + "model: { kind: mlp, layers: [ { dropout: 1 } ] }\n", "job.yaml:2:42: ", "a share from 0, below 1" },
        { Data + "model: { kind: mlp, layers: [ { dense: 9, dropout: 0.1 } ] }\n", "job.yaml:2:52: ", "write two layers" },
        { Data + "model: { kind: mlp, layers: [ { densely: 3 } ] }\n", "job.yaml:2:31: ", "the key dense or dropout or " },
        { Data + "model: { kind: mlp, layers: [ { dense: 3, from: a } ] }\n", "job.yaml:2:49: ", "the name of a layer before this one" },
        { Data + "model: { kind: mlp, layers: [ { dense: 3, name: a }, { dense: 3, name: a } ] }\n", "job.yaml:2:72: ", "a name that no layer has yet" },
        { Data + "model: { kind: mlp, layers: [ { sum: [ 7 ] } ] }\n", "job.yaml:2:40: ", "a list of layers or the name of a layer" },
        { Data + "model: { kind: mlp, layers: [ { concat: [ ] } ] }\n", "job.yaml:2:41: ", "a list of branches" },
        { Data + "model: { kind: mlp, task: ranking, layers: [] }\n", "job.yaml:2:27: ", "classification or regression" },
        { Data + "model: { kind: softmax, task: regression }\n", "job.yaml:2:31: ", "only mlp, tree, boosting, svm and forest have it" },
        { Data + "model: { kind: softmax, latent: 3 }\n", "job.yaml:2:33: ", "only autoencoder, vae, gan and adversarial-autoencoder have it" },
        { Data + "model: { kind: vae, encoder: [] }\n", "job.yaml:2:8: ", "the key 'decoder'" },
        { Data + "model: { kind: vae, encoder: [], decoder: [], noise: 1 }\n", "job.yaml:2:54: ", "only autoencoder has it" },
        { Data + "model: { kind: gan, generator: [], discriminator: [], likelihood: normal }\n", "job.yaml:2:67: ", "bernoulli or gaussian" },
        { Good + "training: { schedule: { step: { factor: 0 } } }\n", "job.yaml:3:41: ", "a number above 0, at most 1" },
        { Good + "training: { schedule: { step: {}, cosine: {} } }\n", "job.yaml:3:23: ", "exactly one of step, exponential, cosine" },
        { Good + "training: { clip-value: -1 }\n", "job.yaml:3:25: ", "a number above 0" },
        { Good + "training: { optimizer: { sgd: { nesterov: true } } }\n", "job.yaml:3:43: ", "absent without momentum" },
        { Private + "training: { clip-norm: 1 }\nprivacy: { noise: 1 }\n", "job.yaml:3:24: ", "privacy.clip bounds the gradients" },
        { Data + "model: { kind: kmeans }\ntraining: { schedule: { warm-up: 3 } }\n", "job.yaml:3:23: ", "it belongs to models that follow gradients" },
        { Data + "model: { kind: kmeans, clusters: -1 }\n", "job.yaml:2:34: ", "got '-1'" },
        { Data + "model: { kind: kmeans, start: best }\n", "job.yaml:2:31: ", "plus-plus or random" },
        { Data + "model: { kind: kmeans }\ntraining: { optimizer: adam }\n", "job.yaml:3:24: ", "this model has steps of its own" },
        { Good + "training: { epochs: 0 }\n", "job.yaml:3:21: ", "a whole number from 1" },
        { Good + "training: { epochs: 2.5 }\n", "job.yaml:3:21: ", "got '2.5'" },
        { Good + "training: { epochs: }\n", "job.yaml:3:21: ", "got nothing" },
        { Good + "training: { epochs: '3' }\n", "job.yaml:3:21: ", "a whole number" },
        { Good + "training: { batch: 0 }\n", "job.yaml:3:20: ", "a whole number from 1" },
        { Good + "training: { batch: 60 }\n", "job.yaml:3:20: ", "a multiple of training.micro-batches (8), got '60'; write 56 or 64" },
        { Good + "training: { micro-batches: 6 }\n", "job.yaml:3:28: ", "a power of two from 1 to 1024, got '6'" },
        { Good + "training: { micro-batches: 2048 }\n", "job.yaml:3:28: ", "from 1 to 1024" },
        { Good + "training: { optimizer: { adam: { rate: -0.1 } } }\n", "job.yaml:3:40: ", "training.optimizer.adam.rate to be a number above 0, got '-0.1'" },
        { Good + "training: { optimizer: { adam: { rate: .nan } } }\n", "job.yaml:3:40: ", "a number above 0" },
        { Good + "training: { optimizer: { sgd: { momentum: 1 } } }\n", "job.yaml:3:43: ", "a number from 0, below 1" },
        { Good + "training: { optimizer: { sgd: { beta1: 0.9 } } }\n", "job.yaml:3:33: ", "wanted a key of training.optimizer.sgd, got 'beta1'" },
        { Good + "training: { optimizer: { adma: { rate: 1 } } }\n", "job.yaml:3:26: ", "did you mean 'adam'" },
        { Good + "training: { optimizer: { adam: {}, sgd: {} } }\n", "job.yaml:3:24: ", "exactly one of sgd, adam, rmsprop, adadelta, lbfgs, got adam and sgd" },
        { Good + "training: { optimizer: newton }\n", "job.yaml:3:24: ", "sgd or adam" },
        { Good + "training: { regularize: { l2: -1 } }\n", "job.yaml:3:31: ", "a number from 0" },
        { Good + "training: { speculation: soon }\n", "job.yaml:3:26: ", "write speculation: none or { after: 3 }" },
        { Good + "training: { speculation: { after: 0.5 } }\n", "job.yaml:3:35: ", "a number from 1 to 1000" },
        { Good + "training: { servers: 0 }\n", "job.yaml:3:22: ", "a whole number from 1 to 64" },
        { Good + "training: { servers: 65 }\n", "job.yaml:3:22: ", "a whole number from 1 to 64" },
        { Good + "training: { servers: 2, mode: stale }\n", "job.yaml:3:22: ", "mode stale" },
        { Good + "training: { servers: 2, compression: int8 }\n", "job.yaml:3:22: ", "1 with compression" },
        { Data + "model: { kind: kmeans }\ntraining: { servers: 2 }\n", "job.yaml:3:22: ", "training.servers to be 1 with steps over all rows" },
        { Good + "training: { mode: fast }\n", "job.yaml:3:19: ", "write mode: synchronous, { stale: { bound: 4 } } or" },
        { Good + "training: { mode: { stale: { bound: -1 } } }\n", "job.yaml:3:37: ", "a whole number from 0 to 1000" },
        { Good + "training: { mode: { stale: { steps: 1 } } }\n", "job.yaml:3:30: ", "known here: bound" },
        { Good + "training: { mode: { stale: { }, local-sgd: { } } }\n", "job.yaml:3:19: ", "exactly one of stale and local-sgd" },
        { Good + "training: { mode: { local-sgd: { steps: 8 } }, optimizer: adam }\n", "job.yaml:3:19: ", "whose moments cannot be averaged" },
        { Good + "training: { mode: { stale: { } }, speculation: { after: 2 } }\n", "job.yaml:3:48: ", "no step waits for a late worker there" },
        { Private + "training: { mode: { stale: { } } }\nprivacy: { noise: 1 }\n", "job.yaml:4:10: ", "only with training.mode synchronous" },
        { Data + "model: { kind: kmeans }\ntraining: { mode: { stale: { } } }\n", "job.yaml:3:19: ", "for a model whose step looks at every row" },
        { Good + "training: { compression: zip }\n", "job.yaml:3:26: ", "none, fp16, int8, { kind: int8, feedback: true } or { top-k: 0.01 }, got 'zip'; write compression: int8" },
        { Good + "training: { compression: { top-k: 0 } }\n", "job.yaml:3:35: ", "a share above 0, at most 1" },
        { Good + "training: { compression: { top-k: 0.1, feedback: maybe } }\n", "job.yaml:3:50: ", "true or false" },
        { Good + "training: { compression: { top-k: 0.1, window: 0 } }\n", "job.yaml:3:48: ", "a whole number from 1 to 10000" },
        { Good + "training: { compression: { top-k: 0.1, feedback: false, window: 8 } }\n", "job.yaml:3:65: ", "nothing is carried from step to step" },
        { Good + "training: { compression: { top-k: 0.1 }, speculation: { after: 2 } }\n", "job.yaml:3:55: ", "no other can take its place" },
        { Good + "training: { compression: { top-k: 0.1 }, mode: { stale: { } } }\n", "job.yaml:3:26: ", "where sums are added one by one" },
        { Good + "training: { compression: { } }\n", "job.yaml:3:26: ", "got an empty mapping; write compression: int8" },
        { Good + "training: { compression: { feedback: true } }\n", "job.yaml:3:26: ", "got a mapping with feedback; write compression: int8" },
        { Good + "training: { compression: { kind: int4, feedback: true } }\n", "job.yaml:3:34: ", "training.compression.kind to be fp16 or int8, got 'int4'" },
        { Good + "training: { compression: { kind: int8, window: 8 } }\n", "job.yaml:3:48: ", "write feedback: true, or remove it" },
        { Good + "training: { compression: { kind: int8, feedback: yes } }\n", "job.yaml:3:50: ", "true or false" },
        { Good + "training: { compression: { kind: int8, feedback: true, window: 10001 } }\n", "job.yaml:3:64: ", "a whole number from 1 to 10000" },
        { Good + "training: { compression: { kind: int8, top-k: 0.1 } }\n", "job.yaml:3:28: ", "a key of training.compression, got 'kind'" },
        { Good + "training: { compression: { kind: int8, feedback: true }, speculation: { after: 2 } }\n", "job.yaml:3:71: ", "with compression by int8 and feedback" },
        { Good + "training: { compression: { kind: fp16, feedback: true }, mode: { stale: { } } }\n", "job.yaml:3:26: ", "got fp16 with feedback; write compression: int8, or" },
        { Private + "training: { compression: { kind: int8, feedback: true } }\nprivacy: { noise: 1 }\n", "job.yaml:4:10: ", "got int8; remove compression" },
        { Data + "model: { kind: gan, generator: [ { dense: 4 } ], discriminator: [ { dense: 4 } ] }\ntraining: { compression: { kind: int8, feedback: true } }\n", "job.yaml:3:26: ", "whose objectives take turns" },
        { Private + "training: { compression: { top-k: 0.1 } }\nprivacy: { noise: 1 }\n", "job.yaml:4:10: ", "got top-k; remove compression" },
        { Data + "model: { kind: gan, generator: [ { dense: 4 } ], discriminator: [ { dense: 4 } ] }\ntraining: { compression: { top-k: 0.1 } }\n", "job.yaml:3:26: ", "whose objectives take turns" },
        { Private + "training: { compression: int8 }\nprivacy: { noise: 1 }\n", "job.yaml:4:10: ", "remove compression, or remove privacy" },
        { Data + "model: { kind: kmeans }\ntraining: { compression: fp16 }\n", "job.yaml:3:26: ", "with steps over all rows" },
        { Good + "training: { aggregate: medain }\n", "job.yaml:3:24: ", "did you mean 'median'" },
        { Good + "training: { early-stopping: { patience: 0 } }\n", "job.yaml:3:41: ", "a whole number from 1" },
        { "data: { source: a.csv, split: { test: 0.1 } }\n" + Softmax + "training: { early-stopping: { } }\n", "job.yaml:3:29: ", "a validation split" },
        { Good + "training: { tolerance: -1 }\n", "job.yaml:3:24: ", "a number from 0" },
        { Private + "privacy: { clip: 0, noise: 1 }\n", "job.yaml:3:18: ", "privacy.clip to be a number above 0, got '0'" },
        { Private + "privacy: { noise: -1 }\n", "job.yaml:3:19: ", "a number above 0" },
        { Private + "privacy: { noise: 1, delta: 0 }\n", "job.yaml:3:29: ", "between 0 and 1, both excluded" },
        { Private + "privacy: { noise: 1, delta: 1 }\n", "job.yaml:3:29: ", "between 0 and 1, both excluded" },
        { Private + "privacy: { clip: 1 }\n", "job.yaml:3:10: ", "noise, target-epsilon or both" },
        { Data + "model: { kind: kmeans }\nprivacy: { noise: 1 }\n", "job.yaml:3:10: ", "got kmeans" },
        { Good + "checkpoint: { every-steps: -1 }\n", "job.yaml:3:28: ", "a whole number from 0" },
        { Good + "checkpoint: { keep: 0 }\n", "job.yaml:3:21: ", "from 1 to 1000" },
        { Good + "seed: -1\n", "job.yaml:3:7: ", "a whole number from 0" },
        { Good + "seed: 18446744073709551616\n", "job.yaml:3:7: ", "18446744073709551615" },
        { Good + "name: ../up\n", "job.yaml:3:7: ", "letters, digits" },
        { Good + "trainning: { epochs: 3 }\n", "job.yaml:3:1: ", "wanted a key of a job, got 'trainning'; did you mean 'training'" },
        { Data + "model: { kind: softmax, cluster: 3 }\n", "job.yaml:2:25: ", "known here: kind." },
        { Data + "model: { kind: softmax, clusters: 3, xyzzy: 4 }\n", "job.yaml:2:35: ", "only kmeans has it; remove it" },
        { Good + "xyzzy: 3\n", "job.yaml:3:1: ", "known here: name, seed, data, model" },
        { Good + "seed: 1\nseed: 2\n", "job.yaml:4:1: ", "the key 'seed' once, got it again after line 3" },
        { Good + "[a]: 2\n", "job.yaml:3:1: ", "wanted a key, got a list of 1" },
        { Good + "seed: &s 1\n", "job.yaml:3:7: ", "anchors are not read" },
        { Good + "seed: *s\n", "job.yaml:3:7: ", "aliases are not read" },
        { Good + "seed: !!int 1\n", "job.yaml:3:7: ", "tags are not read" },
        { Good + "---\nseed: 1\n", "job.yaml:3:1: ", "one document, got a second one" },
        { Good + "seed: [1\n", "job.yaml:", "valid YAML" },
        { Good + "\tseed: 1\n", "job.yaml:3:1: ", "valid YAML" },
        { Good + "seed: \"1\n", "job.yaml:", "valid YAML" },
        { "{data: {source: a.csv}, model: " + "[[[[[[[[[[[[[[[[[[[[", "job.yaml:1:", "nested at most 16 deep" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_job_is_refused_with_place_wanted_and_got(string text, string place, string words)
    {
        BadInputException error = Should.Throw<BadInputException>(() => JobFile.Parse(text, "job.yaml", "/jobs"));

        error.Message.ShouldStartWith(place);
        error.Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("training.batch=0", "--set training.batch=0: wanted training.batch to be a whole number from 1")]
    [InlineData("training.batch=60", "--set training.batch=60: wanted training.batch to be a multiple")]
    [InlineData("training.batch=1,000", "--set training.batch=1,000: wanted training.batch to be a whole number from 1 to")]
    [InlineData("training.optimizer={ adam: { rate: '0,01' } }", "rate to be a number above 0, got '0,01'")]
    [InlineData("model.clusterz=3", "wanted a key of model, got 'clusterz'; known here: kind, start-from, task, layers, adapt")]
    [InlineData("trainin.batch=8", "--set trainin.batch=8: wanted a key of a job, got 'trainin'; did you mean 'training'")]
    [InlineData("training.batch", "--set training.batch: wanted key.path=value")]
    [InlineData("=3", "--set =3: wanted key.path=value")]
    [InlineData("training..batch=3", "--set training..batch=3: wanted key.path=value")]
    [InlineData("training.epochs=", "--set training.epochs=: wanted training.epochs to be a whole number from 1 to 1000000, got nothing")]
    [InlineData("seed.deep=3", "--set seed.deep=3: wanted seed to be")]
    [InlineData("model.layers.7.dense=3", "--set model.layers.7.dense=3: wanted an item of the list, 0 to 0, got '7'")]
    [InlineData("model.layers.x=3", "--set model.layers.x=3: wanted an item of the list")]
    [InlineData("seed={a: 1", "--set seed={a: 1: wanted valid YAML")]
    [InlineData("seed={a: 1, a: 2}", "--set seed={a: 1, a: 2}: wanted the key 'a' once, got it again after the same flag")]
    [InlineData("data.split.train=0.2", "--set data.split.train=0.2: wanted data.split.train (above 0), validation and test to add up to 1, got 0.4")]
    public void A_wrong_override_names_the_flag(string setting, string message)
    {
        const string text = "seed: 1\ndata: { source: a.csv, split: { train: 0.8, test: 0.2 } }\nmodel: { kind: mlp, layers: [ { dense: 3 } ] }\n";

        Should.Throw<BadInputException>(() => JobFile.Parse(text, "job.yaml", "/jobs", [setting])).Message.ShouldContain(message);
    }

    [Fact]
    public void All_faults_of_a_job_are_told_together_in_file_order()
    {
        const string text = """
            sed: 3
            data: { source: a.csv, scale: loud }
            model: { kind: mlp, layers: [ { dense: -1, activation: sigmod }, 7 ] }
            training: { epochs: 0, batch: 12, optimizer: { adam: { rate: 0 } } }
            privacy: { clip: -1, delta: 2 }
            """;

        BadInputException error = Should.Throw<BadInputException>(() => JobFile.Parse(text, "job.yaml", "/jobs", ["checkpoint.keep=0"]));

        error.Errors.Count.ShouldBe(13);
        error.Errors.Select(one => (one.Line ?? 99, one.Column)).ShouldBeInOrder();
        error.Message.Split('\n').Length.ShouldBe(13);
        error.Errors[^1].File.ShouldBe("--set checkpoint.keep=0");
        error.Line.ShouldBe(1);
    }

    [Fact]
    public void Text_beyond_64_KiB_is_refused_before_it_is_read() =>
        Should.Throw<BadInputException>(() => JobFile.Parse(Good + new string('#', 64 * 1024), "job.yaml", "/jobs")).Wanted.ShouldBe("at most 64 KiB");

    [Fact]
    public void A_text_of_many_small_values_is_refused() =>
        Should.Throw<BadInputException>(() => JobFile.Parse($"data: [{string.Join(',', Enumerable.Repeat("1", 12_000))}]", "job.yaml", "/jobs"))
            .Message.ShouldContain("at most 10000 values");

    [Fact]
    public void Cutting_a_job_anywhere_gives_a_job_or_a_fault_never_another_failure()
    {
        const string text = Private + "training: { epochs: 3, optimizer: { adam: { rate: 0.1 } } }\nprivacy: { clip: 1, noise: 2 }\n";
        for (int length = 0; length <= text.Length; length++)
            foreach (string tail in new[] { "", "\0", "}", "]", "'", "\"", "&", "*", "!", "%", "@", "|", ":", "\u2028", "\uFFFF" })
                try
                {
                    JobFile.Parse(text[..length] + tail, "job.yaml", "/jobs").Text.ShouldNotBeEmpty();
                }
                catch (BadInputException error)
                {
                    error.Message.ShouldContain("wanted");
                }
    }
}
