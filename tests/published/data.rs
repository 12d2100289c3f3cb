//! Matrices that published cases of ranking and of weighting share.

/// Ersoy, Y. (2021). Equipment selection for an e-commerce company using entropy-based TOPSIS, EDAS and CODAS methods during
/// the COVID-19. LogForum 17(3); the last two criteria are costs.
pub(crate) const ERSOY: [[f64; 6]; 6] = [
    [256.0, 8.0, 41.0, 1.6, 1.77, 7347.16],
    [256.0, 8.0, 32.0, 1.0, 1.8, 6919.99],
    [256.0, 8.0, 53.0, 1.6, 1.9, 8400.0],
    [256.0, 8.0, 41.0, 1.0, 1.75, 6808.9],
    [512.0, 8.0, 35.0, 1.6, 1.7, 8479.99],
    [256.0, 4.0, 35.0, 1.6, 1.7, 7499.99],
];

/// Tuş, A., Aytaç Adalı, E. (2019). The new combination with CRITIC and WASPAS methods for the time and attendance software
/// selection problem. Opsearch 56(2), 528-538.
pub(crate) const TUS_ADALI: [[f64; 6]; 5] = [
    [5000.0, 3.0, 3.0, 4.0, 3.0, 2.0],
    [680.0, 5.0, 3.0, 2.0, 2.0, 1.0],
    [2000.0, 3.0, 2.0, 3.0, 4.0, 3.0],
    [600.0, 4.0, 3.0, 1.0, 2.0, 2.0],
    [800.0, 2.0, 4.0, 3.0, 3.0, 4.0],
];
