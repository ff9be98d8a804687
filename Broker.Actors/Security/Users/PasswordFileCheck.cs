namespace Broker.Actors.Security.Users;

/// <summary>Looks at a password file before anything is started.</summary>
public static class PasswordFileCheck
{
    /// <summary>Which line is wrong and what to do; null: the file is usable.</summary>
    public static string? Problem(string path)
    {
        try
        {
            UserFile.Read(path);
            return null;
        }
        catch (UserFileException problem)
        {
            return problem.Message;
        }
    }
}
