using Cluster.Ml.Clustering;
using Cluster.Ml.Custom;
using Cluster.Ml.Linear;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Generative;
using Cluster.Ml.Text.LanguageModel;
using Cluster.Ml.Text.Word2Vec;

namespace Cluster.Ml.Learning;

/// <summary>The kinds of learner that there are, one a line; a program adds its own by <see cref="CustomParts"/>.</summary>
public static class LearnerRegistry
{
    private static readonly LearnerKind[] s_own =
    [
        new LinearRegressionKind(),
        new LogisticKind(),
        new SoftmaxKind(),
        new PerceptronKind(),
        new KMeansKind(),
        new MlpKind(),
        new CnnKind(),
        new AutoencoderKind(),
        new VaeKind(),
        new GanKind(),
        new AdversarialAutoencoderKind(),
        new LanguageModelKind(),
        new Word2VecKind(),
        new Linear.Ridge.RidgeKind(),
        new Decomposition.Pca.PcaKind(),
        new Bayes.NaiveBayesKind(),
        new Mixtures.GaussianMixtureKind(),
        new Trees.TreeKind(),
        new Trees.Boosting.BoostingKind(),
        new SupportVectors.SupportVectorKind(),
        new Trees.Forest.ForestKind(),
        new Linear.Lasso.LassoKind(),
        new Linear.ElasticNet.ElasticNetKind(),
        new Reinforcement.PolicyGradient.ReinforceKind(),
        new Reinforcement.PolicyGradient.PpoKind(),
        new Reinforcement.QLearning.QLearningKind(),
    ];

    private static readonly Lazy<LearnerKind[]> s_all = new(() => [.. s_own, .. CustomParts.ReadLearners()]);
    private static readonly Lazy<Dictionary<string, LearnerKind>> s_byName = new(() => s_all.Value.ToDictionary(kind => kind.Name));
    private static readonly Lazy<string[]> s_names = new(() => [.. s_all.Value.Select(kind => kind.Name)]);

    /// <summary>All of them, in the order in which a message lists them.</summary>
    public static IReadOnlyList<LearnerKind> All => s_all.Value;

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names => s_names.Value;

    /// <summary>The names of those that the library has.</summary>
    internal static IEnumerable<string> OwnNames => s_own.Select(kind => kind.Name);

    /// <summary>The kind of this name, or null.</summary>
    public static LearnerKind? Find(string name) => s_byName.Value.GetValueOrDefault(name);

    /// <summary>The kind of this name.</summary>
    /// <exception cref="ArgumentException">There is none; a job that was read from text never names such a one.</exception>
    public static LearnerKind Of(string name) => Find(name)
        ?? throw new ArgumentException($"LearnerRegistry: wanted one of {string.Join(", ", Names)}, got {name}.", nameof(name));

    /// <summary>The names of those for which something holds, for a message: 'mlp, cnn and gan'.</summary>
    public static string NamesWhere(Func<LearnerKind, bool> holds)
    {
        string[] names = [.. All.Where(holds).Select(kind => kind.Name)];
        return names.Length < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }
}
