namespace Cluster.Ml.Randomness;

/// <summary>What a random number is for: part of its key, so that two uses of randomness never share numbers.</summary>
public enum RandomPurpose : uint
{
    /// <summary>Which rows are training, validation and test.</summary>
    Split = 1,

    /// <summary>The order of a shard's rows in an epoch.</summary>
    Shuffle = 2,

    /// <summary>The first values of weights.</summary>
    Initialize = 3,

    /// <summary>Which inputs a dropout layer zeroes.</summary>
    Dropout = 4,

    /// <summary>Which examples join a step of private training.</summary>
    PoissonSampling = 5,

    /// <summary>The noise of private training.</summary>
    PrivacyNoise = 6,

    /// <summary>The first centroids of a clustering.</summary>
    ClusterStart = 7,

    /// <summary>Which fold a row belongs to.</summary>
    Folds = 8,

    /// <summary>Random changes of training examples.</summary>
    Augment = 9,

    /// <summary>Gaussian numbers inside a network while it learns: sampled codes, noise on inputs, a generator's input.</summary>
    Noise = 10,

    /// <summary>The same while a model is measured.</summary>
    MeasuringNoise = 11,

    /// <summary>Uniform numbers inside a network while it is measured.</summary>
    MeasuringMasks = 12,

    /// <summary>Which way the numbers of a compressed contribution are rounded.</summary>
    Compression = 13,

    /// <summary>The first values of weights that are made orthogonal.</summary>
    InitializeOrthogonal = 20,

    /// <summary>Which token a generated text goes on with.</summary>
    Generate = 21,

    /// <summary>The codes of images that a trained model makes.</summary>
    Images = 22,

    /// <summary>Which words of a text are left out, and how far the window of each reaches.</summary>
    WordWindow = 30,

    /// <summary>The noise words that a window is told apart from.</summary>
    NoiseWord = 31,

    /// <summary>Gaussian noise on training images.</summary>
    AugmentNoise = 40,

    /// <summary>Which values each trial of a search has.</summary>
    Search = 50,

    /// <summary>The seed of a task whose kind wants one.</summary>
    Task = 51,

    /// <summary>Which values of a column with very many stand for all when trees place its bins.</summary>
    ValueSample = 60,

    /// <summary>How often a tree of a forest draws each row.</summary>
    Bootstrap = 61,

    /// <summary>Which columns a node of a forest's tree may be split by.</summary>
    SplitColumns = 62,

    /// <summary>Which other row lends its value of a column, where a forest measures what the column is worth.</summary>
    PermutedColumns = 63,

    /// <summary>The starts and tries of an attack on a trained model.</summary>
    Attack = 70,

    /// <summary>Which training rows are poisoned.</summary>
    Poison = 71,

    /// <summary>Which rows are in and which are out of an attacker's model, or an audit.</summary>
    Membership = 72,

    /// <summary>Noise around a row whose class is certified.</summary>
    Smoothing = 73,

    /// <summary>The starts of adversarial examples that a network is trained on.</summary>
    AdversarialStart = 74,

    /// <summary>The states that episodes begin in when a policy is measured.</summary>
    EpisodeStart = 80,

    /// <summary>The chance within an episode that a policy is measured by.</summary>
    MeasuredEpisode = 81,

    /// <summary>The start of an episode that is learned from, and the chance within it.</summary>
    Episode = 82,

    /// <summary>Which actions are taken in an episode that is learned from.</summary>
    Action = 83,

    /// <summary>The order in which the moments of played episodes are learned from.</summary>
    MomentOrder = 84,
}
