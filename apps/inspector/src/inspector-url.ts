/** Where the inspector is, for programs that are watched. */
export const inspectorUrl = process.env.INSPECTOR_URL || 'http://localhost:5010'
