using System.Security.Cryptography;
using Cluster.Ml.Clustering;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Learning;

/// <summary>The trained bytes on one processor, to be met on every other and with any part of its instruction set switched off.</summary>
public class RecordedBytesTests
{
    [Theory]
    [InlineData("linear-regression", "diabetes.csv", "standard", "DD52C5FE3EC95621")]
    [InlineData("logistic", "breast_cancer.csv", "standard", "ACA3BEDCDBE759CE")]
    [InlineData("kmeans", "digits.csv", "standard", "F30C82F62B329C0C")]
    public void Training_gives_the_recorded_bytes(string kind, string file, string scale, string recorded)
    {
        string[] settings = ["data.target=target", $"data.scale={scale}", .. kind switch
        {
            "kmeans" => new[] { "model.clusters=10", "model.restarts=2" },
            "logistic" => ["training.optimizer=newton", "training.regularize={ l2: 0.001 }"],
            _ => [],
        }];
        JobSpec spec = DataJobs.Of(RepositoryFiles.Example(file), kind, settings);
        PreparedData data = PreparedData.Load(spec, NumberKind.Float64);
        ILearner learner = kind switch
        {
            "kmeans" => KMeansLearner.Create(spec, data.Shape),
            "logistic" => LogisticNewtonLearner.Create(spec, data.Shape),
            _ => LinearRegressionLearner.Create(spec, data.Shape),
        };

        TreeTraining.Result result = TreeTraining.Train(learner, spec, data, workers: 3);

        result.Converged.ShouldBeTrue();
        Convert.ToHexString(SHA256.HashData(result.State.Bytes))[..16].ShouldBe(recorded);
    }
}
