using Cluster.Ml.Nn.Activations;

namespace Cluster.Ml.Nn.Losses;

/// <summary>How likely a row is, given what a decoder says of it: a loss of reconstruction, and what belongs to it.</summary>
/// <param name="name">As the key model.likelihood names it.</param>
/// <param name="meaning">For which rows it is: one line.</param>
/// <param name="reconstruction">Makes the loss.</param>
/// <param name="output">What turns a decoder's numbers into a row.</param>
internal sealed class Likelihood(string name, string meaning, Func<Loss> reconstruction, Activation output)
{
    /// <summary>As the key model.likelihood names it.</summary>
    public string Name => name;

    /// <summary>For which rows it is: one line.</summary>
    public string Meaning => meaning;

    /// <summary>What turns a decoder's numbers into a row.</summary>
    public Activation Output => output;

    /// <summary>Whether a decoder's numbers are no row yet.</summary>
    public bool GivesLogits => !output.IsIdentity;

    /// <summary>The loss of giving a row back.</summary>
    public Loss Reconstruction() => reconstruction();
}
