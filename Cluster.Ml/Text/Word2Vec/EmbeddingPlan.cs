using Cluster.Ml.Data;
using Cluster.Ml.Data.Text;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Optimizers;

namespace Cluster.Ml.Text.Word2Vec;

/// <summary>All that the parts of Word2Vec must know of a job.</summary>
/// <param name="Counts">How often the training text has each word; 0 for what is no word to learn.</param>
/// <param name="Embedding">Architecture and sizes.</param>
/// <param name="Rate">Learning rate of the first step.</param>
/// <param name="Epochs">Over which it falls to nearly nothing.</param>
/// <param name="Seed">Every random number is keyed by it.</param>
internal sealed record EmbeddingPlan(IReadOnlyList<long> Counts, Word2VecOptions Embedding, double Rate, int Epochs, ulong Seed)
{
    private const double RateMin = 1e-4;        // of the authors' program: the last steps still move

    /// <summary>The true word and the noise words of a window.</summary>
    public int Targets => Embedding.Negatives + 1;

    /// <summary>Numbers of an example.</summary>
    public int Columns => PassageTable.ColumnsFor(Embedding.Window);

    /// <summary>The most rows of vectors that one passage can touch.</summary>
    public int RowsOfPassage => Columns + (PassageTable.PassageWords * Targets);

    /// <summary>The plan of a job.</summary>
    public static EmbeddingPlan For(JobSpec spec, DataShape shape) =>
        new(shape.Words!.Counts, spec.Model.As<Word2VecOptions>(), ((SgdOptions)spec.Training.Optimizer).Rate, spec.Training.Epochs, spec.Seed);

    /// <summary>η of a step: from the job's rate to nearly nothing in a straight line.</summary>
    public float RateAt(in StepContext step)
    {
        double done = step.Step / ((double)step.StepsPerEpoch * Epochs);
        return (float)Math.Max(Math.Min(RateMin, Rate), Rate * (1 - done));
    }
}
