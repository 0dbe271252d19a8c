using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;
using Cluster.Ml.Reinforcement;
using Cluster.Ml.Tests.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Cluster.Ml.Tests.Export.Onnx;

/// <summary>What ONNX Runtime says of a row is what the model says of it, for every kind that can be exported.</summary>
public sealed class OnnxFormatTests : IDisposable
{
    private const double Tolerance = 1e-5;

    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-onnx-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Every kind by an example, and what its keys change in the graph.
    public static TheoryData<string, string> Rows => new()
    {
        { "diabetes-linear", "" },
        { "diabetes-ridge", "" },
        { "breast-cancer-logistic", "" },
        { "breast-cancer-logistic", "training.optimizer={adam: {rate: 0.01}}" },
        { "breast-cancer-perceptron", "" },
        { "digits-softmax", "training.epochs=3" },
        { "digits-softmax", "training.epochs=3 data.scale=none" },
        { "digits-mlp", "training.epochs=3" },
        { "digits-mlp", "training.epochs=2 model.layers=[{dense: 9, activation: tanh}, {dense: 8, activation: leaky-relu}, {dense: 7, activation: sigmoid}, {activate: softmax}]" },
        { "digits-mlp", "training.epochs=2 model.layers=[{rnn: 12, time: 8, output: all}, {flatten: true}]" },
        { "digits-mlp", "training.epochs=2 model.layers=[{lstm: 12, time: 8, output: all}, {lstm: 5}]" },
        { "digits-embedding", "training.epochs=2" },
        { "digits-lstm", "training.epochs=2" },
        { "digits-cnn", "training.epochs=2" },
        { "digits-cnn", "training.epochs=2 model.layers=[{reshape: [8, 8, 1]}, {conv: 4, size: 3, stride: 2, padding: same}, {residual: 4}, {average-pool: 3, stride: 2, padding: same}, {flatten: true}]" },
        { "wave-approximation", "training.epochs=3" },
        { "iris-kmeans", "" },
        { "iris-gmm", "" },
        { "iris-gmm", "model.covariance=tied" },
        { "iris-gmm", "model.covariance=diagonal" },
        { "iris-gmm", "model.covariance=spherical" },
        { "iris-naive-bayes", "" },
        { "digits-naive-bayes", "model.distribution=multinomial" },
        { "digits-naive-bayes", "model.distribution=bernoulli" },
        { "digits-tree", "" },
        { "diabetes-tree", "" },
        { "digits-boosting", "model.rounds=5" },
        { "digits-boosting", "model.rounds=5 model.task=regression" },
        { "breast-cancer-logistic", "model={kind: boosting, rounds: 12} training.optimizer=null training.regularize=null training.epochs=200" },
        { "digits-forest", "model.trees=7" },
        { "digits-forest", "model.trees=7 model.task=regression" },
        { "diabetes-lasso", "" },
        { "diabetes-elastic-net", "" },
        { "breast-cancer-logistic", "training.optimizer=lbfgs" },
        { "digits-softmax", "training.optimizer=lbfgs training.epochs=30" },
        { "digits-svm", "" },
        { "breast-cancer-svm", "" },
        { "iris-naive-bayes", "model={kind: svm, kernel: polynomial, degree: 2, coefficient: 1}" },
        { "iris-naive-bayes", "model={kind: svm, kernel: sigmoid, gamma: 0.1}" },
        { "diabetes-ridge", "model={kind: svm, task: regression, c: 10}" },
        { "digits-pca", "" },
        { "iris-pca", "model.whiten=true" },
        { "digits-autoencoder", "training.epochs=2" },
        { "digits-denoising", "training.epochs=2" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Onnx_Runtime_says_of_every_row_what_the_model_says(string job, string settings)
    {
        (SavedModel saved, string source) = Train(job, settings);
        ILearner learner = saved.CreateLearner();
        RowRange rows = PreparedData.LoadForPrediction(source, saved.Preprocessing, learner.Numbers);
        int width = (learner as IVectorOutput)?.OutputNames.Count ?? (learner as IMembership)?.MembershipNames.Count ?? saved.Preprocessing.Classes.Count;
        (double[] predictions, double[] scores) = (new double[rows.Count], new double[rows.Count * width]);
        learner.CreateContributor().Predict(saved.Model.State, rows, predictions, scores);

        ExportFormat.Of("onnx").Write(Path, saved, new ExportOptions());
        using InferenceSession session = new(Path);
        Dictionary<string, Array> said = Ask(session, RawRows(source, saved.Preprocessing), saved.Preprocessing);

        if (saved.Preprocessing.Classes.Count > 0)
            Texts(said["prediction"]).ShouldBe(predictions.Select(index => saved.Preprocessing.Classes[(int)index]));
        else if (said.TryGetValue("prediction", out Array? numbers) && numbers is long[] clusters)
            clusters.Select(cluster => (double)cluster).ShouldBe(predictions);
        else if (numbers is double[] values)
            Differences(values, predictions).ShouldBeLessThan(Tolerance);
        string name = saved.Preprocessing.Classes.Count > 0 ? "probabilities" : learner is IVectorOutput ? "coordinates" : "memberships";
        if (width > 0) Differences((double[])said[name], scores).ShouldBeLessThan(Tolerance);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_is_exported_or_refused_with_the_reason(string kind)
    {
        LearnerKind learner = LearnerRegistry.Of(kind);
        Refusal? refusal = learner.FormOf(learner.DefaultOptimizer.Kind).Refuses(Capability.Onnx);
        if (refusal is null) return;

        SavedModel saved = Untrained(kind);
        BadInputException refused = Should.Throw<BadInputException>(() => ExportFormat.Of("onnx").Write(Path, saved, new ExportOptions()));

        refused.Message.ShouldContain(refusal.Because);
        refused.Message.ShouldContain("export npz or safetensors");
        File.Exists(Path).ShouldBeFalse();
    }

    public static TheoryData<string> Kinds => new(LearnerRegistry.Names);

    [Fact]
    public void The_kinds_that_are_refused_are_those_of_texts_and_of_episodes()
    {
        string[] refused = [.. LearnerRegistry.All.Where(kind => !kind.Can(Capability.Onnx)).Select(kind => kind.Name)];

        refused.ShouldBeSubsetOf([.. LearnerRegistry.All.Where(kind => kind.ReadsText || kind is EpisodeKind).Select(kind => kind.Name)]);
    }

    [Theory]
    [InlineData("digits-vae")]
    [InlineData("digits-gan")]
    [InlineData("digits-adversarial-autoencoder")]
    public void A_generator_makes_the_rows_of_codes_in_units_of_the_source(string job)
    {
        (SavedModel saved, _) = Train(job, "training.epochs=1");
        NetworkModel model = ((NetworkLearner)saved.CreateLearner()).Model;
        const int count = 20;
        int latent = model.Generator!.Inputs;
        float[] codes = new float[count * latent];
        Philox.FillGaussian(codes, 7, RandomPurpose.Images, 0, 0);
        NetworkPass pass = new(model.Generator);
        pass.Begin(count);
        codes.CopyTo(pass.Inputs);
        pass.Forward(saved.Model.State.Floats, null);
        float[] made = pass.OutputOf(model.Generator.Heads[0]).ToArray();
        if (model.GeneratesLogits) StableMath.Sigmoid(made, made);
        int columns = saved.Preprocessing.FeatureNames.Count;
        double[] wanted = [.. made.Select((value, i) => (value * saved.Preprocessing.Scaler.DivisorOf(i % columns)) + saved.Preprocessing.Scaler.OffsetOf(i % columns))];

        ExportFormat.Of("onnx").Write(Path, saved, new ExportOptions());
        using InferenceSession session = new(Path);
        DenseTensor<double> input = new(codes.Select(code => (double)code).ToArray(), [count, latent]);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> said = session.Run([NamedOnnxValue.CreateFromTensor("codes", input)]);

        Differences(said.Single(value => value.Name == "features").AsTensor<double>().ToArray(), wanted).ShouldBeLessThan(Tolerance);
    }

    [Fact]
    public void Columns_may_be_inputs_of_their_own_and_metadata_tells_their_names()
    {
        (SavedModel saved, string source) = Train("iris-naive-bayes", "");
        ExportFormat.Of("onnx").Write(Path, saved, new ExportOptions(Columns: true));
        double[] raw = RawRows(source, saved.Preprocessing);
        int columns = saved.Preprocessing.FeatureNames.Count;

        using InferenceSession session = new(Path);
        List<NamedOnnxValue> inputs = [.. saved.Preprocessing.FeatureNames.Select((name, c) => NamedOnnxValue.CreateFromTensor(
            name, new DenseTensor<double>(raw.Where((_, i) => i % columns == c).ToArray(), [raw.Length / columns, 1])))];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> said = session.Run(inputs);

        session.InputMetadata.Keys.ShouldBe(saved.Preprocessing.FeatureNames, ignoreOrder: true);
        said.Single(value => value.Name == "prediction").AsTensor<long>().ToArray().Distinct().Order().ShouldBe([0, 1, 2]);
        IReadOnlyDictionary<string, string> metadata = session.ModelMetadata.CustomMetadataMap;
        metadata["feature_names"].ShouldBe("[\"sepal_length_cm\",\"sepal_width_cm\",\"petal_length_cm\",\"petal_width_cm\"]");
        metadata["classes"].ShouldBe("[\"0\",\"1\",\"2\"]");
        metadata["model_sha256"].ShouldBe(saved.Model.Sha256);
    }

    [Fact]
    public void Classes_that_are_words_come_as_texts()
    {
        string source = System.IO.Path.Combine(_folder, "words.csv");
        File.WriteAllLines(source, ["x,kind", .. Enumerable.Range(0, 60).Select(i => $"{i % 3}.{i},{(i % 3 == 0 ? "öl" : i % 3 == 1 ? "water" : "air")}")]);
        JobSpec job = JobFile.Parse($"data: {{ source: {source}, target: kind }}\nmodel: {{ kind: naive-bayes }}", "words.yaml", _folder);
        SavedModel saved = Train(job);

        ExportFormat.Of("onnx").Write(Path, saved, new ExportOptions());
        using InferenceSession session = new(Path);

        ((string[])Ask(session, [0.1, 1.2, 2.2], saved.Preprocessing)["prediction"]).ShouldBe(["öl", "water", "air"]);
    }

    [Fact]
    public void Equal_models_give_equal_files()
    {
        (SavedModel saved, _) = Train("iris-gmm", "");
        ExportFormat.Of("onnx").Write(Path, saved, new ExportOptions());
        byte[] first = File.ReadAllBytes(Path);
        ExportFormat.Of("onnx").Write(Path, saved, new ExportOptions());

        File.ReadAllBytes(Path).ShouldBe(first);
    }

    internal static (SavedModel Saved, string Source) Train(string job, string settings)
    {
        string[] changes = settings.Length == 0 ? [] : [.. System.Text.RegularExpressions.Regex.Split(settings, @" (?=[a-z.-]+=)")];
        JobSpec spec = JobFile.Read(RepositoryFiles.Path("deploy", "jobs", $"{job}.yaml"), changes);
        return (Train(spec), spec.Data.Source);
    }

    private static SavedModel Train(JobSpec spec)
    {
        PreparedData data = PreparedData.Load(spec, Learners.NumbersFor(spec));
        return new SavedModel(spec, data.Shape, data.Preprocessing, SequentialTrainer.Train(spec, data));
    }

    private static SavedModel Untrained(string kind)
    {
        foreach (string path in Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(RepositoryFiles.Path("deploy", "jobs", "digits-mlp.yaml"))!, "*.yaml").Order(StringComparer.Ordinal))
        {
            JobSpec spec = JobFile.Read(path, []);
            if (spec.Model.Kind != kind || (spec.Data.IsRead && !File.Exists(spec.Data.Source))) continue;
            PreparedData data = PreparedData.Load(spec, Learners.NumbersFor(spec));
            ILearner learner = Learners.CreateAlone(spec, data.Shape);
            NumericBuffer state = new(learner.Numbers, learner.StateLength);
            return new SavedModel(spec, data.Shape, data.Preprocessing, new TrainedModel(
                state, CourseStatus.Completed, 0, 0, Ml.Evaluation.Metrics.None, Ml.Evaluation.Metrics.None, Ml.Evaluation.Metrics.None, null, null));
        }
        throw new InvalidOperationException($"OnnxFormatTests: wanted an example of {kind} in deploy/jobs, got none.");
    }

    /// <summary>The source's own numbers, [rows × features].</summary>
    private static double[] RawRows(string source, Preprocessing preprocessing)
    {
        RowRange raw = PreparedData.LoadForPrediction(source, preprocessing with { Scaler = Scaler.Identity }, NumberKind.Float64);
        double[] numbers = new double[raw.Count * raw.Table.Columns];
        for (int row = 0; row < raw.Count; row++) raw.Table.DoublesOf(row).CopyTo(numbers.AsSpan(row * raw.Table.Columns));
        return numbers;
    }

    private static Dictionary<string, Array> Ask(InferenceSession session, double[] raw, Preprocessing preprocessing)
    {
        int columns = preprocessing.FeatureNames.Count;
        ReadOnlySpan<int> shape = [raw.Length / columns, columns];
        NamedOnnxValue input = session.InputMetadata["features"].ElementType == typeof(float)
            ? NamedOnnxValue.CreateFromTensor("features", new DenseTensor<float>(Array.ConvertAll(raw, value => (float)value), shape))
            : NamedOnnxValue.CreateFromTensor("features", new DenseTensor<double>(raw, shape));
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> said = session.Run([input]);
        return said.ToDictionary(value => value.Name, value => value.Value switch
        {
            Tensor<double> numbers => (Array)numbers.ToArray(),
            Tensor<long> wholes => wholes.ToArray(),
            Tensor<string> texts => texts.ToArray(),
            var other => throw new InvalidOperationException($"{value.Name}: wanted doubles, whole numbers or texts, got {other.GetType()}."),
        });
    }

    private static IEnumerable<string> Texts(Array said) => said is string[] texts ? texts
        : ((long[])said).Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The largest difference, of numbers above 1 as a part of them.</summary>
    private static double Differences(double[] said, double[] wanted)
    {
        said.Length.ShouldBe(wanted.Length);
        return said.Zip(wanted, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(b))).Max();
    }
}
