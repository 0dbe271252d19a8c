namespace Cluster.Ml.Data;

/// <summary>A job file or data file is not what it must be: where, what was wanted, what came, and what to do.</summary>
/// <remarks>What a terminal would obey is made visible. The text is "file:line:column: wanted …, got …; advice.", one line an error where several were found together.</remarks>
public sealed class BadInputException : Exception
{
    private const string Unsaid = "something else, which the log of the node that read it tells";

    private static readonly string[] s_sayable =
        ["none", "no such column", "no such file", "none of this name", "an empty field", "a path elsewhere", "a folder", "a pipe", "a device", "a socket"];

    /// <summary>One error.</summary>
    /// <param name="file">The file, or the flag that overrode it.</param>
    /// <param name="line">From 1; null if the file as a whole is meant.</param>
    /// <param name="column">From 1; null if the line as a whole is meant.</param>
    /// <param name="wanted">What belongs there.</param>
    /// <param name="got">What is there.</param>
    /// <param name="advice">What to do about it.</param>
    /// <param name="cause">The system's own reason if there is one.</param>
    public BadInputException(string file, int? line, int? column, string wanted, string got, string advice, Exception? cause = null)
        : base(VisibleText.InLine($"{PlaceOf(file, line, column)}: wanted {wanted}, got {got}; {advice}."), cause)
    {
        File = file;
        Line = line;
        Column = column;
        Wanted = wanted;
        Got = got;
        Advice = advice;
        Errors = [this];
    }

    private BadInputException(IReadOnlyList<BadInputException> errors)
        : base(string.Join('\n', errors.Select(error => error.Message)))
    {
        BadInputException first = errors[0];
        (File, Line, Column, Wanted, Got, Advice) = (first.File, first.Line, first.Column, first.Wanted, first.Got, first.Advice);
        Errors = errors;
    }

    /// <summary>The file, or the flag that overrode it; of the first error if there are several.</summary>
    public string File { get; }

    /// <summary>The line, from 1, or null.</summary>
    public int? Line { get; }

    /// <summary>The column, from 1, or null.</summary>
    public int? Column { get; }

    /// <summary>What belongs there.</summary>
    public string Wanted { get; }

    /// <summary>What is there.</summary>
    public string Got { get; }

    /// <summary>What to do about it.</summary>
    public string Advice { get; }

    /// <summary>Whether what was wanted was named by the job itself: its submitter knows it.</summary>
    public bool WantedByJob { get; init; }

    /// <summary>Every error that was found, in file order; only this one if there is one.</summary>
    public IReadOnlyList<BadInputException> Errors { get; }

    /// <summary>Puts errors that were found together into one exception.</summary>
    /// <exception cref="ArgumentException">There is no error.</exception>
    public static BadInputException Of(IReadOnlyList<BadInputException> errors) => errors.Count switch
    {
        0 => throw new ArgumentException("BadInputException: wanted at least one error, got none.", nameof(errors)),
        1 => errors[0],
        _ => new BadInputException([.. errors]),
    };

    /// <summary>The text for whoever may name a file in a job but not read it: place and rule, and nothing that may stand in the file.</summary>
    /// <param name="own">Files that they wrote themselves, whose errors are told whole.</param>
    public string WithoutContent(params ReadOnlySpan<string> own)
    {
        List<string> lines = [];
        foreach (BadInputException error in Errors) lines.Add(own.Contains(error.File) ? error.Message : error.WithoutContent());
        return string.Join('\n', lines);
    }

    /// <summary>What comes from a file stands in quotes or behind a colon; bare figures count things.</summary>
    private string WithoutContent()
    {
        string got = s_sayable.Contains(Got) || Got.All(char.IsAsciiDigit) ? Got : Unsaid;
        string advice = Advice.AsSpan().ContainsAny("'\":(") ? "correct the data" : Advice;
        int first = Wanted.IndexOf('\'', StringComparison.Ordinal), last = Wanted.LastIndexOf('\'');
        string wanted = WantedByJob ? VisibleText.InLine(Wanted) : last > first ? $"{Wanted[..(first + 1)]}…{Wanted[last..]}" : Wanted;
        return $"{PlaceOf(File, Line, Column)}: wanted {wanted}, got {got}; {advice}.";
    }

    private static string PlaceOf(string file, int? line, int? column) => (line, column) switch
    {
        (null, _) => file,
        (_, null) => $"{file}:{line}",
        _ => $"{file}:{line}:{column}",
    };
}
