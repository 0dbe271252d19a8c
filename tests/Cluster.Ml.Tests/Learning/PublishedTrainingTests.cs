using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Learning;

/// <summary>Whole jobs on the data that ships, held to published figures.</summary>
public sealed class PublishedTrainingTests
{
    private static JobSpec Job(string file, string model, string training, string more = "scale: standard") => JobFile.Parse(
        $"data: {{ source: '{RepositoryFiles.Example(file)}', target: target, {more} }}\nmodel: {model}\ntraining: {training}\n",
        "published.yaml", "/");

    private static TrainedModel Train(JobSpec job) => SequentialTrainer.Train(job, PreparedData.Load(job, Learners.NumbersFor(job)));

    // scikit-learn's LogisticRegression has 0.969 in five folds.
    [Fact]
    public void Softmax_regression_has_the_published_accuracy_on_digits_in_five_folds()
    {
        JobSpec job = Job("digits.csv", "{ kind: softmax }",
            "{ epochs: 30, batch: 64, optimizer: { adam: { rate: 0.01 } }, regularize: { l2: 0.001 } }");

        double mean = Enumerable.Range(0, 5).Average(fold =>
            SequentialTrainer.Train(job, PreparedData.LoadFold(job, Learners.NumbersFor(job), fold, 5)).Test["accuracy"]!.Value);

        mean.ShouldBe(0.969, 0.005);
    }

    [Fact]
    public void A_small_network_reads_at_least_97_of_100_digits_and_keeps_its_figures_in_a_file()
    {
        JobSpec job = Job("digits.csv", "{ kind: mlp, layers: [ { dense: 128 }, { dropout: 0.1 } ] }",
            "{ epochs: 30, batch: 32, optimizer: { adam: { rate: 0.003 } }, regularize: { l2: 0.0001 }, early-stopping: { patience: 5 } }");
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        string folder = Directory.CreateTempSubdirectory("cluster-digits-").FullName;
        try
        {
            TrainedModel model = SequentialTrainer.Train(job, data);
            string path = Path.Combine(folder, "model.cluster");
            ModelFile.Write(path, new SavedModel(job, data.Shape, data.Preprocessing, model));
            SavedModel read = ModelFile.Read(path);
            ILearner learner = read.CreateLearner();

            model.Test["accuracy"]!.Value.ShouldBeGreaterThanOrEqualTo(0.97);
            EvaluationPlan.Measure(learner, learner.CreateContributor(), read.Model.State, data.Test, job.Training.MicroBatches)
                .Values.ShouldBe(model.Test.Values);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Linear_regression_explains_the_published_share_of_diabetes() =>
        Train(Job("diabetes.csv", "{ kind: linear-regression }", "{ }", "split: { train: 1 }")).Training["r2"]!.Value.ShouldBe(0.5177, 5e-5);

    [Fact]
    public void K_means_finds_the_published_inertia_of_iris() =>
        Train(Job("iris.csv", "{ kind: kmeans, clusters: 3 }", "{ }", "split: { train: 1 }")).Training["inertia"]!.Value.ShouldBe(78.851441426146, 1e-9);
}
