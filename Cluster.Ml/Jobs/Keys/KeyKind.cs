namespace Cluster.Ml.Jobs.Keys;

/// <summary>The kinds of value that a key may take.</summary>
public enum KeyKind
{
    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A finite number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>One of some words.</summary>
    Word,

    /// <summary>A text.</summary>
    Text,

    /// <summary>The path of a file.</summary>
    Path,

    /// <summary>A list of texts.</summary>
    Names,

    /// <summary>A list of whole numbers, or one that stands for all.</summary>
    Sizes,

    /// <summary>A lower and an upper bound, each one number or a list with one for each column.</summary>
    Bounds,

    /// <summary>A list of layers.</summary>
    Layers,

    /// <summary>A list of branches of a network.</summary>
    Branches,

    /// <summary>A mapping of names that only its reader knows.</summary>
    Named,

    /// <summary>A mapping of keys.</summary>
    Section,

    /// <summary>A word, or a mapping of that word to its keys: 'adam: { rate: 0.1 }'.</summary>
    Choice,

    /// <summary>A word, or a mapping that one of its keys gives its meaning: 'top-k: 0.1, window: 8'.</summary>
    Form,
}
