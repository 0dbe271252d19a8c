namespace Cluster.Ml.Jobs;

/// <summary>The names of what can be learned, and what each needs.</summary>
public static class ModelKinds
{
    /// <summary>Least squares by normal equations, in one step over all rows.</summary>
    public const string LinearRegression = "linear-regression";

    /// <summary>Logistic regression of two classes.</summary>
    public const string Logistic = "logistic";

    /// <summary>Rosenblatt's perceptron: a line between two classes, moved by the examples on its wrong side.</summary>
    public const string Perceptron = "perceptron";

    /// <summary>Softmax regression of any number of classes.</summary>
    public const string Softmax = "softmax";

    /// <summary>K-means clustering.</summary>
    public const string KMeans = "kmeans";

    /// <summary>A network of fully connected layers.</summary>
    public const string Mlp = "mlp";

    /// <summary>A network that gives back what it is given, through a narrow code; with noise a denoising autoencoder.</summary>
    public const string Autoencoder = "autoencoder";

    /// <summary>A variational autoencoder.</summary>
    public const string Vae = "vae";

    /// <summary>A generator and a discriminator that learn against each other.</summary>
    public const string Gan = "gan";

    /// <summary>An autoencoder whose codes a discriminator keeps to the normal distribution.</summary>
    public const string AdversarialAutoencoder = "adversarial-autoencoder";

    /// <summary>A network with layers that look at pictures.</summary>
    public const string Cnn = "cnn";

    /// <summary>A recurrent network that predicts the next token of a text.</summary>
    public const string LanguageModel = "language-model";

    /// <summary>Vectors of words, from a text.</summary>
    public const string Word2Vec = "word2vec";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = new ValueList<string>([LinearRegression, Logistic, Softmax, Perceptron, KMeans, Mlp, Cnn, Autoencoder, Vae, Gan, AdversarialAutoencoder, LanguageModel, Word2Vec]);

    /// <summary>Whether the kind follows gradients of single batches, which an optimizer turns into steps.</summary>
    public static bool FollowsGradients(string kind) => kind is Logistic or Softmax or Perceptron or Mlp or Cnn or LanguageModel or Word2Vec || LearnsRows(kind);

    /// <summary>Whether the kind learns the rows themselves, without a target.</summary>
    public static bool LearnsRows(string kind) => kind is Autoencoder or Vae or Gan or AdversarialAutoencoder;

    /// <summary>Whether the job describes the kind's layers.</summary>
    public static bool HasLayers(string kind) => kind is Mlp or Cnn;

    /// <summary>Whether the kind learns from plain text.</summary>
    public static bool ReadsText(string kind) => kind is LanguageModel or Word2Vec;
}
