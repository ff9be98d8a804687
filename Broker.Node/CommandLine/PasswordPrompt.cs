using System.Text;

namespace Broker.Node.CommandLine;

/// <summary>Asks for a password on the terminal, which shows nothing of it.</summary>
internal static class PasswordPrompt
{
    /// <summary>Null: the two are not the same.</summary>
    public static string? AskTwice(string user)
    {
        var password = Ask($"Password of {user}: ");
        return Ask("Once more: ") == password ? password : null;
    }

    private static string Ask(string prompt)
    {
        // Standard output may be a file.
        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        ConsoleKeyInfo key;
        while ((key = Console.ReadKey(intercept: true)).Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace && typed.Length > 0)
            {
                typed.Length--;
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
