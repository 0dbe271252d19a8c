using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Randomness;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Learning;

/// <summary>What a denoising autoencoder is for: a disturbed row goes in, one that is nearer to the clean row comes out.</summary>
public sealed class DenoisingTests
{
    private const float Noise = 0.3f;      // as in the job

    [Fact]
    public void Learning_with_noise_takes_two_thirds_of_new_noise_away_and_more_than_learning_without()
    {
        double denoised = DistanceToClean(), copied = DistanceToClean("model.noise=0");

        denoised.ShouldBeLessThan(Noise * Noise / 3);
        denoised.ShouldBeLessThan(copied / 2);
    }

    /// <summary>Mean square of (what comes out for a disturbed test row − the clean row), a pixel.</summary>
    private static double DistanceToClean(params string[] settings)
    {
        JobSpec job = JobFile.Read(RepositoryFiles.Path("deploy", "jobs", "digits-denoising.yaml"), settings);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        NetworkLearner learner = (NetworkLearner)Learners.Create(job, data.Shape);
        float[] clean = [.. data.Test.Order.ToArray().SelectMany(row => data.Test.Table.FloatsOf(row).ToArray())];
        NetworkPass pass = new(learner.Model.Asked);
        pass.Begin(data.Test.Count);
        Philox.FillGaussian(pass.Inputs, 7, RandomPurpose.Images, 0, 0);
        for (int i = 0; i < clean.Length; i++) pass.Inputs[i] = clean[i] + (Noise * pass.Inputs[i]);

        pass.Forward(SequentialTrainer.Train(job, data).State.Floats, null);

        float[] given = pass.OutputOf(learner.Model.Asked.Heads[0]).ToArray();
        return clean.Zip(given, (a, b) => (double)(a - b) * (a - b)).Average();
    }
}
