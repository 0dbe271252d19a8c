namespace Cluster.Ml.Jobs;

/// <summary>A recurrent language model: embedding, recurrent layers, and a softmax over the vocabulary.</summary>
/// <param name="Cell">lstm or rnn.</param>
/// <param name="Embedding">Numbers that stand for a token.</param>
/// <param name="Units">Units of each recurrent layer.</param>
/// <param name="Depth">Recurrent layers.</param>
/// <param name="Window">Tokens after which back-propagation through time is cut off.</param>
/// <param name="Initialize">How recurrent weights start: uniform or orthogonal.</param>
public sealed record LanguageSpec(string Cell, int Embedding, int Units, int Depth, int Window, string Initialize);
