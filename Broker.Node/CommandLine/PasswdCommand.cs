using System.CommandLine;
using Broker.Actors.Security.Users;

namespace Broker.Node.CommandLine;

/// <summary><c>Broker.Node passwd FILE USER [--delete] [--password-stdin] [--role ROLE]… [--no-roles]</c>: makes and changes the file of <c>mqtt.security.password-file.path</c>.</summary>
internal static class PasswdCommand
{
    private static readonly Argument<string> PasswordFile = new("FILE") { Description = "The password file; made, for its owner's eyes only, where it does not exist." };

    private static readonly Argument<string> User = new("USER") { Description = "Who is added, or given another password." };

    private static readonly Option<bool> Delete = new("--delete") { Description = "Takes the user out instead." };

    private static readonly Option<bool> FromInput = new("--password-stdin") { Description = "Reads the password from the first line of standard input, instead of asking for it." };

    private static readonly Option<string[]> Role = new("--role") { Description = "A role of the user, for the rules of mqtt.security.authorization; may be given more than once. Without it the roles stay as they are." };

    private static readonly Option<bool> NoRoles = new("--no-roles") { Description = "Takes all roles from the user." };

    public static Command Create()
    {
        var command = new Command("passwd", "Adds a user to a password file, changes the password of one, or takes one out. A broker that uses the file notices by itself.")
        {
            PasswordFile, User, Delete, FromInput, Role, NoRoles,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var (file, user) = (parsed.GetValue(PasswordFile)!, parsed.GetValue(User)!);
        try
        {
            return parsed.GetValue(Delete) ? Remove(file, user) : Set(file, user, parsed.GetValue(FromInput), Roles(parsed));
        }
        catch (UserFileException problem)
        {
            return Tell(problem.Message, ExitCode.Failure);
        }
    }

    private static int Remove(string file, string user)
    {
        if (!UserFileEditor.Delete(file, user))
        {
            return Tell($"{file}: there is no user \"{user}\".", ExitCode.Failure);
        }

        Console.WriteLine($"{file}: \"{user}\" is no user any more. Connections that are open stay.");
        return ExitCode.Clean;
    }

    private static int Set(string file, string user, bool fromInput, string[]? roles)
    {
        if (roles?.Any(string.IsNullOrWhiteSpace) == true)
        {
            return Tell("A role needs a name.", ExitCode.Configuration);
        }

        if (!fromInput && Console.IsInputRedirected)
        {
            return Tell("There is no terminal to ask for the password. Pass it on standard input, with --password-stdin.", ExitCode.Configuration);
        }

        var password = fromInput ? Console.ReadLine() : PasswordPrompt.AskTwice(user);
        if (string.IsNullOrEmpty(password))
        {
            return Tell(fromInput ? "Standard input has no password." : "The two are not the same, or there is none. Nothing has changed.", ExitCode.Failure);
        }

        Console.WriteLine(UserFileEditor.Set(file, user, password, roles) ? $"{file}: \"{user}\" has another password." : $"{file}: \"{user}\" is a user now.");
        return ExitCode.Clean;
    }

    /// <summary>Null: as they are.</summary>
    private static string[]? Roles(ParseResult parsed) =>
        parsed.GetValue(NoRoles) ? []
        : parsed.GetValue(Role) is { Length: > 0 } roles ? roles
        : null;

    private static int Tell(string problem, int exitCode)
    {
        Console.Error.WriteLine(problem);
        return exitCode;
    }
}
