using System.Globalization;

namespace Cluster.Ml.Data;

/// <summary>A file that a person wrote or named cannot be used as it is. Says where, what was wanted, what was found and what to do.</summary>
public sealed class BadInputException : Exception
{
    /// <summary>Names the place and the fault.</summary>
    /// <param name="file">The file, as the person named it.</param>
    /// <param name="line">Line from 1, or null where the file has no lines.</param>
    /// <param name="column">Character of the line from 1, or null.</param>
    /// <param name="wanted">What should stand there.</param>
    /// <param name="got">What stands there.</param>
    /// <param name="advice">What to do.</param>
    public BadInputException(string file, int? line, int? column, string wanted, string got, string advice)
        : this(file, line, column, wanted, got, advice, null)
    {
    }

    /// <summary>Names the place and the fault, and keeps the system's own reason.</summary>
    /// <param name="file">The file, as the person named it.</param>
    /// <param name="line">Line from 1, or null where the file has no lines.</param>
    /// <param name="column">Character of the line from 1, or null.</param>
    /// <param name="wanted">What should stand there.</param>
    /// <param name="got">What stands there.</param>
    /// <param name="advice">What to do.</param>
    /// <param name="cause">The system's own reason.</param>
    public BadInputException(string file, int? line, int? column, string wanted, string got, string advice, Exception? cause)
        : base($"{Place(file, line, column)}: wanted {wanted}, got {got}; {advice}", cause)
    {
        File = file;
        Line = line;
        Column = column;
        Wanted = wanted;
        Got = got;
        Advice = advice;
    }

    /// <summary>The file, as the person named it.</summary>
    public string File { get; }

    /// <summary>Line from 1, or null.</summary>
    public int? Line { get; }

    /// <summary>Character of the line from 1, or null.</summary>
    public int? Column { get; }

    /// <summary>What should stand there.</summary>
    public string Wanted { get; }

    /// <summary>What stands there.</summary>
    public string Got { get; }

    /// <summary>What to do.</summary>
    public string Advice { get; }

    private static string Place(string file, int? line, int? column) => (line, column) switch
    {
        (null, _) => file,
        ({ } l, null) => string.Create(CultureInfo.InvariantCulture, $"{file}:{l}"),
        ({ } l, { } c) => string.Create(CultureInfo.InvariantCulture, $"{file}:{l}:{c}"),
    };
}
