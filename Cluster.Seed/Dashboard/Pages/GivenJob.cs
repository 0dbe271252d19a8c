using Cluster.Messages.Api;
using Cluster.Messages.Node.Http;
using Cluster.Messages.Node.Settings;
using Microsoft.AspNetCore.Http;

namespace Cluster.Seed.Dashboard.Pages;

/// <summary>A job as the form has it: texts, so that the page shows a refused one again as it was written.</summary>
/// <param name="Name">The field job.</param>
/// <param name="Text">The field text.</param>
/// <param name="BaseDirectory">The field base_directory.</param>
/// <param name="Priority">The field priority.</param>
/// <param name="Folds">The field folds.</param>
public sealed record GivenJob(string Name, string Text, string BaseDirectory, string Priority, string Folds)
{
    private const int ShownMax = 40;

    /// <summary>Reads the fields of a form.</summary>
    internal static GivenJob Of(IFormCollection form) => new(
        form["job"].ToString().Trim(), form["text"].ToString().ReplaceLineEndings("\n"), form["base_directory"].ToString().Trim(),
        form["priority"].ToString().Trim(), form["folds"].ToString().Trim());

    /// <summary>The job that is submitted.</summary>
    /// <exception cref="ProblemException">A field has no number where one is wanted.</exception>
    internal JobSubmission ToSubmission() => new(new(Name), Text, BaseDirectory, Whole("folds", Folds), Whole("priority", Priority));

    private static int Whole(string field, string text) => ValueKind.Whole.TryRead(text, out int value) ? value
        : throw new ProblemException(StatusCodes.Status400BadRequest, $"{field}: wanted a whole number, got {Shown(text)}.");

    private static string Shown(string text) => text.Length == 0 ? "none" : text.Length > ShownMax ? "a longer text" : $"'{text}'";
}
